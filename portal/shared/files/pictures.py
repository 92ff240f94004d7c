"""Pictures: opened for real, held to their limits, and written anew, so that only what can be seen is kept."""

import io
import threading
import warnings
from typing import NamedTuple

from PIL import Image, ImageOps, UnidentifiedImageError

from portal.shared.files.kinds import JPEG, MOST_FRAMES, MOST_PIXELS, PICTURES, Kind

TOO_LARGE = "has more than 40 megapixels"
FORMATS = ("PNG", "JPEG", "GIF", "WEBP")
_ORIENTATION = 0x0112
_SEEN = frozenset({"transparency", "duration", "loop", "background", "disposal", "blend", "icc_profile", "gamma"})
_ONE_AT_A_TIME = threading.Lock()


class PictureRefused(ValueError):
    """A picture breaks a limit or cannot be read; the message goes on after the file's name."""


class Picture(NamedTuple):
    """A picture as it is kept: written anew, sizes in pixels."""

    kind: Kind
    data: bytes
    width: int
    height: int


def read_picture(data: bytes) -> Picture:
    """Decode a PNG, JPEG, GIF or WEBP and write it anew without place, camera, comments or anything behind the end.

    Turned upright; the colour profile stays; an animation stays one. At most 40 megapixels over all frames, and 200
    frames: both are known before a pixel is decoded. One picture at a time in a process, for the memory's sake.
    Raises PictureRefused.
    """
    with _ONE_AT_A_TIME, warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            with Image.open(io.BytesIO(data), formats=FORMATS) as image:
                return _written_anew(image)
        except PictureRefused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise PictureRefused(TOO_LARGE) from None
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError, KeyError):
            raise PictureRefused("is no picture that can be read") from None


def _written_anew(image: Image.Image) -> Picture:
    kind = PICTURES[image.format or ""]
    if image.width * image.height > MOST_PIXELS:
        raise PictureRefused(TOO_LARGE)
    frames = 1 if kind is JPEG else _count_frames(image)
    turned = frames == 1 and image.getexif().get(_ORIENTATION, 1) != 1
    kept = ImageOps.exif_transpose(image) if turned else image
    kept.info = {name: value for name, value in kept.info.items() if name in _SEEN}
    options: dict[str, object] = {"comment": b"", "exif": b"", "xmp": b""}
    if kind is JPEG:
        options["quality"] = "keep" if image.format == "JPEG" and not turned else 90
    elif frames > 1:
        options["save_all"] = True
    out = io.BytesIO()
    kept.save(out, "JPEG" if image.format == "MPO" else image.format, **options)
    return Picture(kind, out.getvalue(), kept.width, kept.height)


def _count_frames(image: Image.Image) -> int:
    """Step from frame to frame and stop at a limit; a header may claim any number."""
    frames = 1
    while True:
        try:
            image.seek(frames)
        except EOFError:
            break
        frames += 1
        if frames > MOST_FRAMES:
            raise PictureRefused(f"has more than {MOST_FRAMES} frames")
        if image.width * image.height * frames > MOST_PIXELS:
            raise PictureRefused(TOO_LARGE)
    image.seek(0)
    return frames
