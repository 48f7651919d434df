"""The rules that the first look at a desk has no use for; imported with the first call that needs one."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kefu_desk.simulator import diagnostics, speaking, tags, uploading, users
from kefu_desk.simulator.inquiry import Inquiry
from kefu_desk.simulator.reply import Reply
from kefu_desk.simulator.world import World

Rule = Callable[[World, Inquiry], Mapping[str, object] | Reply | None]

FURTHER: Mapping[str, Rule] = MappingProxyType(
    {
        "/customservice/kfaccount/uploadheadimg": uploading.avatar,
        "/cgi-bin/message/custom/send": speaking.send,
        "/cgi-bin/message/custom/typing": speaking.typing,
        "/cgi-bin/media/upload": uploading.keep,
        "/cgi-bin/media/get": uploading.fetch,
        "/cgi-bin/media/uploadimg": uploading.article_image,
        "/cgi-bin/user/info": users.info,
        "/cgi-bin/user/info/batchget": users.infos,
        "/cgi-bin/user/info/updateremark": users.remark,
        "/cgi-bin/user/get": users.followers,
        "/cgi-bin/tags/members/getblacklist": users.blacklist,
        "/cgi-bin/tags/members/batchblacklist": users.block,
        "/cgi-bin/tags/members/batchunblacklist": users.unblock,
        "/cgi-bin/tags/create": tags.create,
        "/cgi-bin/tags/get": tags.listed,
        "/cgi-bin/tags/update": tags.rename,
        "/cgi-bin/tags/delete": tags.delete,
        "/cgi-bin/user/tag/get": tags.fans,
        "/cgi-bin/tags/members/batchtagging": tags.tag,
        "/cgi-bin/tags/members/batchuntagging": tags.untag,
        "/cgi-bin/tags/getidlist": tags.tags_of,
        "/cgi-bin/openapi/quota/get": diagnostics.quota,
        "/cgi-bin/openapi/quota/clear": diagnostics.clear_path,
        "/cgi-bin/clear_quota": diagnostics.clear_all,
        "/cgi-bin/clear_quota/v2": diagnostics.clear_all_with_secret,
        "/cgi-bin/openapi/rid/get": diagnostics.request,
        "/cgi-bin/getcallbackip": diagnostics.callback_addresses,
        "/cgi-bin/get_api_domain_ip": diagnostics.api_addresses,
        "/cgi-bin/callback/check": diagnostics.check_callback,
    }
)
