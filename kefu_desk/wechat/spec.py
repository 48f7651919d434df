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
    program. `authorised` calls carry the access token in the query. `form` names the field of an upload.
    `seed` lists the methods of the library this product replaces; `source` the page the facts come from.
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
    seed: tuple[str, ...] = ()
    source: str = ""


_AGENT = Param("kf_account")
_OPENID = Param("openid")
_TOUSER = Param("touser")
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
)
"""All of them; the classic token endpoint is listed so that nobody adds a call to it by another road."""
