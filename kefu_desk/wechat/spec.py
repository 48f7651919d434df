"""Every endpoint the product may call, as data: the contract between client, simulator and tests."""

from enum import StrEnum

from msgspec import Struct


class Verb(StrEnum):
    """The HTTP methods WeChat uses."""

    GET = "GET"
    POST = "POST"


class Param(Struct, frozen=True):
    """One parameter of an endpoint, by WeChat's name; `kind` is its JSON type."""

    name: str
    kind: type = str
    required: bool = True


class Endpoint(Struct, frozen=True):
    """One endpoint of the API.

    `reads` says that a call changes nothing; `repeatable` that an unanswered call may be made again by the
    program. `authorised` calls carry the access token in the query. `form` names the field of an upload. What
    `gives` data answers without an errcode, as reads do; a `file` may be the answer. `seconds` and
    `reply_bytes` replace the usual time-outs and size limit unless they are 0. `seed` lists the methods of
    the library this product replaces; `source` the page the facts come from.
    """

    name: str
    verb: Verb
    path: str
    query: tuple[Param, ...] = ()
    body: tuple[Param, ...] = ()
    form: str = ""
    reads: bool = False
    repeatable: bool = False
    authorised: bool = True
    gives: bool = False
    file: bool = False
    seconds: float = 0.0
    reply_bytes: int = 0
    seed: tuple[str, ...] = ()
    source: str = ""


FILE_SECONDS = 60.0
FILE_BYTES = 20 * 1024 * 1024

_AGENT = Param("kf_account")
_OPENID = Param("openid")
_TOUSER = Param("touser")
_OPENIDS = Param("openid_list", list)
_NEXT = Param("next_openid", required=False)
_TAG = Param("tag", dict)
_TAGID = Param("tagid", int)
_PATH = Param("cgi_path")
_GRANT = (Param("grant_type"), Param("appid"), Param("secret"))

STABLE_TOKEN = Endpoint(
    "stable_token",
    Verb.POST,
    "/cgi-bin/stable_token",
    body=(*_GRANT, Param("force_refresh", bool, required=False)),
    reads=True,
    repeatable=True,
    authorised=False,
    source="OFF-BASE/getstableaccesstoken",
)
TOKEN = Endpoint(
    "token",
    Verb.GET,
    "/cgi-bin/token",
    query=_GRANT,
    gives=True,
    authorised=False,  # each call retires the previous token: neither a read nor repeatable
    source="OFF-BASE/getaccesstoken",
)
KF_LIST = Endpoint(
    "getkflist",
    Verb.GET,
    "/cgi-bin/customservice/getkflist",
    reads=True,
    repeatable=True,
    seed=("kfList",),
    source="OFF/servicermanage/getallkflist",
)
KF_ONLINE_LIST = Endpoint(
    "getonlinekflist",
    Verb.GET,
    "/cgi-bin/customservice/getonlinekflist",
    reads=True,
    repeatable=True,
    seed=("kfOnlineList",),
    source="OFF/servicermanage/getonlinekflist",
)
KF_ACCOUNT_ADD = Endpoint(
    "kfaccount/add",
    Verb.POST,
    "/customservice/kfaccount/add",
    body=(_AGENT, Param("nickname")),
    seed=("kfAccountAdd",),
    source="OFF/servicermanage/addkfaccount",
)
KF_ACCOUNT_UPDATE = Endpoint(
    "kfaccount/update",
    Verb.POST,
    "/customservice/kfaccount/update",
    body=(_AGENT, Param("nickname")),
    seed=("kfAccountUpdate",),
    source="OFF/servicermanage/updatekfaccount",
)
KF_ACCOUNT_INVITE = Endpoint(
    "kfaccount/inviteworker",
    Verb.POST,
    "/customservice/kfaccount/inviteworker",
    body=(_AGENT, Param("invite_wx")),
    seed=("kfAccountInviteWorker",),
    source="OFF/servicermanage/inviteworker",
)
KF_ACCOUNT_AVATAR = Endpoint(
    "kfaccount/uploadheadimg",
    Verb.POST,
    "/customservice/kfaccount/uploadheadimg",
    query=(_AGENT,),
    form="media",
    seconds=FILE_SECONDS,
    seed=("kfAccountUploadHeadImg",),
    source="OFF/servicermanage/uploadkfavatar",
)
KF_ACCOUNT_DEL = Endpoint(
    "kfaccount/del",
    Verb.POST,
    "/customservice/kfaccount/del",
    query=(_AGENT,),
    body=(_AGENT,),
    seed=("kfAccountDel",),
    source="OFF/servicermanage/delkfaccount",
)
KF_ACCOUNT_DEL_BY_GET = Endpoint(
    "kfaccount/del (GET)",
    Verb.GET,
    "/customservice/kfaccount/del",
    query=(_AGENT,),
    seed=("kfAccountDel",),
    source="older page and four client libraries",
)
SESSION_CREATE = Endpoint(
    "kfsession/create",
    Verb.POST,
    "/customservice/kfsession/create",
    body=(_AGENT, _OPENID),
    repeatable=True,  # the same pair again is answered with 0
    seed=("kfSessionCreate",),
    source="OFF/messctrl/createkfsession",
)
SESSION_CLOSE = Endpoint(
    "kfsession/close",
    Verb.POST,
    "/customservice/kfsession/close",
    body=(_AGENT, _OPENID),
    seed=("kfSessionClose",),
    source="OFF/messctrl/closesession",
)
SESSION_GET = Endpoint(
    "kfsession/getsession",
    Verb.GET,
    "/customservice/kfsession/getsession",
    query=(_OPENID,),
    reads=True,
    repeatable=True,
    seed=("kfSessionGet",),
    source="OFF/messctrl/getkfsession",
)
SESSION_LIST = Endpoint(
    "kfsession/getsessionlist",
    Verb.GET,
    "/customservice/kfsession/getsessionlist",
    query=(_AGENT,),
    reads=True,
    repeatable=True,
    seed=("kfSessionList",),
    source="OFF/messctrl/getkfsessionlist",
)
WAIT_CASE = Endpoint(
    "kfsession/getwaitcase",
    Verb.GET,
    "/customservice/kfsession/getwaitcase",
    reads=True,
    repeatable=True,
    seed=("kfSessionGetWaitCase",),
    source="OFF/messctrl/getunacceptedsessionlist",
)
MSG_LIST = Endpoint(
    "msgrecord/getmsglist",
    Verb.POST,
    "/customservice/msgrecord/getmsglist",
    body=(Param("starttime", int), Param("endtime", int), Param("msgid", int), Param("number", int)),
    reads=True,
    repeatable=True,
    seed=("kfMsgList",),
    source="OFF/messctrl/getkfmsglist",
)
CUSTOM_SEND = Endpoint(
    "custom/send",
    Verb.POST,
    "/cgi-bin/message/custom/send",
    body=(
        _TOUSER,
        Param("msgtype"),
        Param("customservice", dict, required=False),
        Param("aimsgcontext", dict, required=False),
    ),
    seed=("sendKefuMessage", "sendKefuMessageWithResponse"),
    source="OFF/message/sendcustommessage",
)
CUSTOM_TYPING = Endpoint(
    "custom/typing",
    Verb.POST,
    "/cgi-bin/message/custom/typing",
    body=(_TOUSER, Param("command")),
    seed=("sendKfTypingState",),
    source="OFF/message/typing",
)

MEDIA_UPLOAD = Endpoint(
    "media/upload",
    Verb.POST,
    "/cgi-bin/media/upload",
    query=(Param("type"),),
    form="media",
    gives=True,
    seconds=FILE_SECONDS,
    source="OFF-MAT/uploadtempmedia",
)
MEDIA_GET = Endpoint(
    "media/get",
    Verb.GET,
    "/cgi-bin/media/get",
    query=(Param("media_id"),),
    reads=True,
    repeatable=True,
    file=True,
    seconds=FILE_SECONDS,
    reply_bytes=FILE_BYTES,
    source="OFF-MAT/gettempmedia",
)
MEDIA_UPLOAD_IMAGE = Endpoint(
    "media/uploadimg",
    Verb.POST,
    "/cgi-bin/media/uploadimg",
    form="media",
    gives=True,
    seconds=FILE_SECONDS,
    source="OFF-MAT/uploadimage",
)


def _read(verb: Verb, path: str, source: str, *params: Param) -> Endpoint:
    """A call below /cgi-bin/ that changes nothing."""
    query, body = (params, ()) if verb is Verb.GET else ((), params)
    return Endpoint(path, verb, f"/cgi-bin/{path}", query, body, reads=True, repeatable=True, source=source)


def _write(path: str, source: str, *params: Param, gives: bool = False) -> Endpoint:
    """A call below /cgi-bin/ that changes something and is never repeated by itself."""
    return Endpoint(path, Verb.POST, f"/cgi-bin/{path}", body=params, gives=gives, source=source)


_LANG = Param("lang", required=False)
_REMARK = Param("remark")
_BEGIN = Param("begin_openid")
_GET, _POST = Verb.GET, Verb.POST

USER_INFO = _read(_GET, "user/info", "OFF-USER/userinfo", _OPENID, _LANG)
USER_BATCH = _read(_POST, "user/info/batchget", "OFF-USER/batchuserinfo", Param("user_list", list))
USER_REMARK = _write("user/info/updateremark", "OFF-USER/updateremark", _OPENID, _REMARK)
USER_GET = _read(_GET, "user/get", "OFF-USER/getfans", _NEXT)
BLACKLIST_GET = _read(_POST, "tags/members/getblacklist", "OFF-USER/getblacklist", _BEGIN)
BLACKLIST_ADD = _write("tags/members/batchblacklist", "OFF-USER/batchblacklist", _OPENIDS)
BLACKLIST_REMOVE = _write("tags/members/batchunblacklist", "OFF-USER/batchunblacklist", _OPENIDS)
TAG_CREATE = _write("tags/create", "OFF-TAG/createtag", _TAG, gives=True)
TAG_LIST = _read(_GET, "tags/get", "OFF-TAG/gettags")
TAG_UPDATE = _write("tags/update", "OFF-TAG/updatetag", _TAG)
TAG_DELETE = _write("tags/delete", "OFF-TAG/deletetag", _TAG)
TAG_USERS = _read(_POST, "user/tag/get", "OFF-TAG/gettagfans", _TAGID, _NEXT)
TAG_ADD = _write("tags/members/batchtagging", "OFF-TAG/batchtagging", _OPENIDS, _TAGID)
TAG_REMOVE = _write("tags/members/batchuntagging", "OFF-TAG/batchuntagging", _OPENIDS, _TAGID)
TAGS_OF = _read(_POST, "tags/getidlist", "OFF-TAG/gettagidlist", _OPENID)
QUOTA_GET = _read(_POST, "openapi/quota/get", "OFF-MGMT/getapiquota", _PATH)
QUOTA_CLEAR = _write("openapi/quota/clear", "OFF-MGMT/clearapiquota", _PATH)
QUOTA_CLEAR_ALL = _write("clear_quota", "OFF-MGMT/clearquota", Param("appid"))
QUOTA_CLEAR_BY_SECRET = Endpoint(
    "clear_quota/v2",
    Verb.POST,
    "/cgi-bin/clear_quota/v2",
    body=(Param("appid"), Param("appsecret")),
    authorised=False,
    source="OFF-MGMT/clearapiquotabyappsecret",
)
RID_GET = _read(_POST, "openapi/rid/get", "OFF-MGMT/getridinfo", Param("rid"))
CALLBACK_IPS = _read(_GET, "getcallbackip", "OFF-BASE/getcallbackip")
API_DOMAIN_IPS = _read(_GET, "get_api_domain_ip", "OFF-BASE/getapidomainip")
CALLBACK_CHECK = _read(
    _POST, "callback/check", "OFF-BASE/callbackcheck", Param("action"), Param("check_operator")
)

ENDPOINTS = (
    STABLE_TOKEN,
    TOKEN,
    KF_LIST,
    KF_ONLINE_LIST,
    KF_ACCOUNT_ADD,
    KF_ACCOUNT_UPDATE,
    KF_ACCOUNT_INVITE,
    KF_ACCOUNT_AVATAR,
    KF_ACCOUNT_DEL,
    KF_ACCOUNT_DEL_BY_GET,
    SESSION_CREATE,
    SESSION_CLOSE,
    SESSION_GET,
    SESSION_LIST,
    WAIT_CASE,
    MSG_LIST,
    CUSTOM_SEND,
    CUSTOM_TYPING,
    MEDIA_UPLOAD,
    MEDIA_GET,
    MEDIA_UPLOAD_IMAGE,
    USER_INFO,
    USER_BATCH,
    USER_REMARK,
    USER_GET,
    BLACKLIST_GET,
    BLACKLIST_ADD,
    BLACKLIST_REMOVE,
    TAG_CREATE,
    TAG_LIST,
    TAG_UPDATE,
    TAG_DELETE,
    TAG_USERS,
    TAG_ADD,
    TAG_REMOVE,
    TAGS_OF,
    QUOTA_GET,
    QUOTA_CLEAR,
    QUOTA_CLEAR_ALL,
    QUOTA_CLEAR_BY_SECRET,
    RID_GET,
    CALLBACK_IPS,
    API_DOMAIN_IPS,
    CALLBACK_CHECK,
)
"""All of them; those that the client never calls are listed so that nobody adds a call by another road."""
