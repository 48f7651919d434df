"""Files: to WeChat, where they live three days, and back."""

from typing import TYPE_CHECKING

from kefu_desk.wechat import spec
from kefu_desk.wechat.transport import Transport

if TYPE_CHECKING:
    from kefu_desk.wechat import files


class Media:
    """The calls about files; what they need is imported at the first one."""

    def __init__(self, transport: Transport) -> None:
        self._calls = transport

    async def upload_media(self, kind: str, data: bytes, *, file_type: str = "") -> "files.Media":
        """Uploads a file for three days, as `image`, `voice`, `video` or `thumb`; never repeated inside.

        Images are JPEG, PNG or GIF up to 10 MB, voices AMR or MP3 up to 2 MB and 60 s, videos MP4 up to
        10 MB, thumbs JPEG up to 64 KB. `file_type` is the extension of a file whose content does not show it.

        Raises:
            ArgumentError: naming `kind`, `data` or `file_type`, before anything is sent.
            WeChatError: when WeChat or the network refuses.
        """
        from kefu_desk.wechat import files, formats, multipart  # noqa: PLC0415  the first data need no files

        found = formats.acceptable(kind, data, file_type)
        content, content_type = multipart.framed(
            data, field=spec.MEDIA_UPLOAD.form, name=f"upload.{found.extension}", mime=found.mime
        )
        reply = await self._calls.post(
            spec.MEDIA_UPLOAD,
            files.UploadReply,
            query=(("type", str(kind)),),
            content=content,
            content_type=content_type,
        )
        return files.Media(reply.media_id or reply.thumb_media_id, str(kind), reply.created_at)

    async def upload_article_image(self, data: bytes) -> str:
        """Uploads a JPEG or PNG of at most 1 MB for good and returns its address, for cards and articles."""
        from kefu_desk.wechat import files, formats, multipart  # noqa: PLC0415  as above

        found = formats.checked(data, (formats.JPEG, formats.PNG), formats.MB)
        endpoint = spec.MEDIA_UPLOAD_IMAGE
        content, content_type = multipart.framed(
            data, field=endpoint.form, name=f"upload.{found.extension}", mime=found.mime
        )
        reply = await self._calls.post(
            endpoint, files.AddressReply, content=content, content_type=content_type
        )
        return reply.url

    async def download_media(self, media_id: str) -> "files.MediaFile | files.VideoLink":
        """The file of an id, of at most 20 MB, or the address from which a video has to be fetched."""
        from kefu_desk.wechat import arguments, files  # noqa: PLC0415  as above

        query = (("media_id", arguments.filled("media_id", media_id)),)
        reply = await self._calls.call(spec.MEDIA_GET, files.FileReply, query=query)
        return reply.file if isinstance(reply.file, files.MediaFile) else files.VideoLink(reply.video_url)
