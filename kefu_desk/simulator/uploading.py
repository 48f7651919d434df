"""media/upload, media/get, media/uploadimg and kfaccount/uploadheadimg."""

from collections.abc import Mapping

from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.media import ARTICLE_IMAGE, AVATAR, CONTENT_TYPES, KINDS, Kind, checked
from kefu_desk.simulator.multipart import Upload, misframed, upload
from kefu_desk.simulator.refusal import Refusal
from kefu_desk.simulator.reply import Reply
from kefu_desk.simulator.world import World

PICTURES = "http://mmbiz.qpic.cn"


def keep(world: World, inquiry: Inquiry) -> Mapping[str, object] | Reply:
    """media/upload: a file for three days."""
    strict = _strict(world, inquiry)
    refused = misframed(inquiry) if strict else None
    if refused is not None:
        return refused
    given = upload(inquiry, strict=strict)
    name = inquiry.query.get("type") or given.fields.get("type", "")
    kind = KINDS.get(name)
    if kind is None:
        raise Refusal(40004)
    medium = world.media.keep(name, checked(kind, given.data, given.file_name), given.data, world.now)
    id_field = "thumb_media_id" if name == "thumb" else "media_id"
    return {"type": name, id_field: medium.media_id, "created_at": int(medium.created)}


def fetch(world: World, inquiry: Inquiry) -> Mapping[str, object] | Reply:
    """media/get: the bytes, or the address of a video (WeChat's is on another host, without a token too)."""
    media_id = inquiry.query.get("media_id", "")
    if not media_id:
        raise Refusal(41006)
    medium = world.media.find(media_id, world.now)
    if medium.kind == "video":
        host = inquiry.headers.get("host", "api.weixin.qq.com")
        return {"video_url": f"{inquiry.scheme}://{host}/__sim__/media/{medium.media_id}.mp4"}
    file_name = f'attachment; filename="{medium.media_id}.{medium.form}"'
    return Reply(
        medium.data, content_type=CONTENT_TYPES[medium.form], headers=(("content-disposition", file_name),)
    )


def article_image(world: World, inquiry: Inquiry) -> Mapping[str, object] | Reply:
    """media/uploadimg: a picture for the inside of an article, which lives for ever."""
    strict = _strict(world, inquiry)
    refused = misframed(inquiry) if strict else None
    if refused is not None:
        return refused
    return {"url": _picture(world, ARTICLE_IMAGE, upload(inquiry, strict=strict))}


def avatar(world: World, inquiry: Inquiry) -> Reply | None:
    """kfaccount/uploadheadimg: the account is named in the query, or in the form."""
    strict = _strict(world, inquiry)
    refused = misframed(inquiry) if strict else None
    if refused is not None:
        return refused
    named = inquiry.query.get("kf_account", "")
    if named and named not in world.agents:
        raise Refusal(65401)
    given = upload(inquiry, strict=strict)
    agent = world.agents.get(named or given.fields.get("kf_account", ""))
    if agent is None:
        raise Refusal(65401)
    agent.avatar = _picture(world, AVATAR, given)
    return None


def _strict(world: World, inquiry: Inquiry) -> bool:
    return world.chaos.take("multipart", inquiry.path) is None


def _picture(world: World, kind: Kind, given: Upload) -> str:
    form = checked(kind, given.data, given.file_name)
    return f"{PICTURES}/mmbiz_{form}/{world.media.name()}/0"
