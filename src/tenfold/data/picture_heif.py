"""HEIC and AVIF pictures, as phones store them: what Pillow needs to read them."""

__all__ = ["MissingPackageError", "heif_formats", "is_heif"]

# ISO 14496-12: a file begins with fields of four bytes each: the number of bytes of these fields,
# "ftyp", the brand of the file, a version, and then the brands that the file is compatible with.
_BRAND = slice(4, 12)
_COMPATIBLE = 16
_GENERAL = (b"ftypmif1", b"ftypmsf1")  # brands of both formats
_AVIF = (b"ftypavif", b"ftypavis")
_HEIC = (
    *(b"ftypheic", b"ftypheix", b"ftyphevc", b"ftyphevx", b"ftypheim", b"ftypheis"),
    *(b"ftyphevm", b"ftyphevs", b"ftypmif1", b"ftypmsf1"),
)


class MissingPackageError(ValueError):
    """A picture needs a package that is not installed, or a newer one."""


def is_heif(head: bytes) -> bool:
    """Return whether a file that begins with these bytes is a HEIC or AVIF picture."""
    return head[_BRAND] in (*_AVIF, *_HEIC)


def heif_formats(head: bytes) -> tuple[str, ...]:
    """Return the formats, by their names in Pillow, of a file that begins with these bytes.

    Returns:
        ``("AVIF",)``, ``("HEIF",)``, or an empty tuple for all other files.

    Raises:
        MissingPackageError: If the installed packages cannot read the format.
    """
    if _is_avif(head):
        return _avif()
    return _heif() if head[_BRAND] in _HEIC else ()


def _is_avif(head: bytes) -> bool:
    if head[_BRAND] not in _GENERAL:
        return head[_BRAND] in _AVIF
    box = head[_COMPATIBLE : int.from_bytes(head[:4], "big")]
    return any(box[at : at + 4] in (b"avif", b"avis") for at in range(0, len(box), 4))


def _avif() -> tuple[str, ...]:
    from PIL import features

    if not features.check("avif"):
        raise MissingPackageError("is an AVIF picture, which needs Pillow 11.3 or newer")
    return ("AVIF",)


def _heif() -> tuple[str, ...]:
    try:
        from pillow_heif import register_heif_opener
    except ImportError:
        raise MissingPackageError(
            "is a HEIC picture, which needs the package pillow-heif (pip install pillow-heif)"
        ) from None
    register_heif_opener(thumbnails=False)
    return ("HEIF",)
