"""The errors of the platform: codes, their English texts, and the exception that carries one."""

from collections.abc import Mapping
from types import MappingProxyType

ERRMSG: Mapping[int, str] = MappingProxyType(
    {
        -1: "system error",
        40001: "invalid credential, access_token is invalid or not latest, could get access_token by "
        "getStableAccessToken, more details at https://mmbizurl.cn/s/JtxxFh33r",
        40002: "invalid grant_type",
        40003: "invalid openid",
        40007: "invalid media_id",
        40008: "invalid message type",
        40013: "invalid appid",
        40014: "invalid access_token",
        40035: "invalid parameter",
        40066: "invalid url",
        40125: "invalid appsecret",
        40164: "invalid ip {ip} ipv6 ::ffff:{ip}, not in whitelist",
        40165: "invalid weapp pagepath",
        40166: "invalid weapp appid",
        40243: "appsecret has been frozen, please unfreeze in the console",
        41001: "access_token missing",
        41002: "appid missing",
        41004: "appsecret missing",
        42001: "access_token expired",
        43001: "require GET method",
        43002: "require POST method",
        43003: "require https",
        43004: "require subscribe",
        43019: "the user is on the blacklist",
        44002: "empty post data",
        44003: "empty news data",
        44004: "empty content",
        45001: "media size out of limit",
        45002: "content size out of limit",
        45008: "article size out of limit",
        45009: "reach max api daily quota limit",
        45011: "api minute-quota reach limit, must slower, retry next minute",
        45015: "response out of time limit or subscription is canceled",
        45047: "out of response count limit",
        45072: "invalid command",
        45080: "need sending message to user, or recving message from user in the last 30 seconds "
        "before typing",
        45081: "you are already typing",
        45098: "msgmenu list size out of limit",
        45099: "msgmenu item size out of limit",
        47001: "data format error",
        47002: "data format error, do not use \\uxxxx format, please use utf-8",
        53600: "article id invalid",
        65400: "please enable new custom service, or wait for a while if you have enabled",
        65401: "invalid custom service account",
        65402: "the custom service account need to bind a wechat user",
        65403: "illegal nickname",
        65404: "illegal custom service account",
        65405: "custom service account number reach limit",
        65406: "custom service account exists",
        65407: "the wechat user have been one of your workers",
        65408: "you have already invited the wechat user",
        65409: "wechat account invalid",
        65411: "a effective invitation to bind the custom service account exists",
        65412: "the custom service account have been bound by a wechat user",
        65413: "no effective session for the customer",
        65414: "another worker is serving the customer",
        65415: "the worker is not online",
        65416: "param invalid, please check",
        65417: "it is too long from the starttime to endtime",
        70000: "the user is under the protection of minors",
    }
)


class Refusal(Exception):  # noqa: N818  it is an answer of the platform, not an error of ours
    """The platform says no: `errcode` and the errmsg without its rid."""

    def __init__(self, errcode: int, *, ip: str = "") -> None:
        super().__init__(errcode)
        self.errcode = errcode
        self.errmsg = ERRMSG[errcode].replace("{ip}", ip)
