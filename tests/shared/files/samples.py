"""Small files of every kind, good and bad, made on the spot."""

import io
import zipfile
from typing import Any

from PIL import Image, PngImagePlugin

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
HTML = b"<!doctype html><script>alert(1)</script>"
OFFICE = {
    "docx": {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"},
    "xlsx": {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<w/>"},
    "pptx": {"[Content_Types].xml": "<Types/>", "ppt/presentation.xml": "<p/>"},
    "odt": {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<c/>"},
    "ods": {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<c/>"},
}


def picture(kind: str = "PNG", size: tuple[int, int] = (6, 4), frames: int = 1, **options: Any) -> bytes:
    """A picture in one colour, or an animation of several."""
    images = [Image.new("RGB", size, (number * 9 % 256, 80, 40)) for number in range(frames)]
    out = io.BytesIO()
    more = {"save_all": True, "append_images": images[1:], "duration": 90} if frames > 1 else {}
    images[0].save(out, kind, **more, **options)
    return out.getvalue()


def told_picture(kind: str) -> bytes:
    """A picture that tells where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SECRET camera", 6
    options: dict[str, Any] = {"exif": exif}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", "SECRET words")
    if kind == "JPEG":
        options["comment"] = b"SECRET words"
    return picture(kind, **options)


def package(entries: dict[str, str | bytes], level: int = 6) -> bytes:
    """A ZIP package of these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as made:
        for name, content in entries.items():
            made.writestr(name, content)
    return out.getvalue()


def office(extension: str, **more: str | bytes) -> bytes:
    """The smallest office document of an extension."""
    return package({**OFFICE[extension], **more})
