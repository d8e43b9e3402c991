#!/usr/bin/python3
"""Checks vectors.json against an independent CBOR encoder, Debian's python3-cbor2.

Our own rules are applied here once more: a float that is an integer of 64 bits is one, and the
entries of maps and elements of sets are in the bytewise order of their encodings (cbor2's
`canonical=True` sorts by length first, so maps are put together from encoded entries).

A vector has a `name`, the `arguments` of the call, the canonical bytes (`cbor`), their SHA-256
(`sha256`), the `sides` that can have such arguments, optionally a `scope`, and on the side of
JavaScript the `spelling` that its front writes. An argument is JSON that stands for itself, or an
object of one member:

    $float     bits of a double, in hexadecimal       $single    bits of a float of 32 bits
    $integer   decimal                                $bigint    decimal; a BigInt of JavaScript
    $undefined                                        $units     a string of these UTF-16 units
    $bytes     a byte string; a Uint8Array            $buffer, $view   ArrayBuffer, DataView
    $typed     [constructor, bytes]                   $holes     an array of so many holes
    $object    [[name, value]...], in this order      $bare, $instance   without prototype, of a class
    $json      an object whose toJSON gives this      $map       [[key, value]...]; a Map
    $entries   [[key, value]...]; a map of Rust       $set       [element...]
    $date      milliseconds; null is an invalid Date  $regexp    [source, flags]
    $url       text                                   $some, $none   an Option of Rust
    $variant   [name, content]; an enum of Rust       $unit      the name of a unit variant
    $deep      so many arrays within an empty one's   $repeat    [text, times]
    $range     [0, 1, ...], so many
"""

import hashlib
import json
import pathlib
import struct
import sys

import cbor2

ENOUGH = 150
TYPED_ARRAYS = {
    "Uint8ClampedArray": 68,
    "Uint16Array": 69,
    "Uint32Array": 70,
    "BigUint64Array": 71,
    "Int8Array": 72,
    "Int16Array": 77,
    "Int32Array": 78,
    "BigInt64Array": 79,
    "Float32Array": 85,
    "Float64Array": 86,
}


def leaf(value):
    return cbor2.dumps(value, canonical=True)


def head(major, length):
    encoded = leaf(length)
    return bytes([encoded[0] | major << 5]) + encoded[1:]


def array(items):
    return head(4, len(items)) + b"".join(items)


def map_of(pairs):
    assert len({key for key, _ in pairs}) == len(pairs), "a key twice"
    return head(5, len(pairs)) + b"".join(key + value for key, value in sorted(pairs))


def tagged(tag, item):
    return head(6, tag) + item


def number(value):
    if isinstance(value, float) and value.is_integer() and -(2**63) <= value < 2**64:
        value = int(value)
    return leaf(value) if isinstance(value, float) else integer(value)


def integer(value):
    return leaf(value) if -(2**63) <= value < 2**64 else bignum(value)


def bignum(value):
    tag, magnitude = (2, value) if value >= 0 else (3, -1 - value)
    return tagged(tag, leaf(magnitude.to_bytes((magnitude.bit_length() + 7) // 8, "big")))


def text(units):
    """Text, or tag 273 with the WTF-8 of a string that has lone surrogates."""
    try:
        return leaf(units.encode("utf-16", "surrogatepass").decode("utf-16"))
    except UnicodeDecodeError:
        joined = units.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
        return tagged(273, leaf(joined.encode("utf-8", "surrogatepass")))


def some(item):
    nullish = item == b"\xf6" or item.startswith(bytes.fromhex("d81b8264536f6d65"))
    return tagged(27, array([leaf("Some"), item])) if nullish else item


def fields(pairs):
    return map_of([(encode(name), encode(value)) for name, value in pairs])


def entries(pairs):
    return map_of([(encode(key), encode(value)) for key, value in pairs])


def deep(depth):
    return b"\x81" * depth + b"\x80"


BUILDERS = {
    "$float": lambda bits: number(struct.unpack(">d", bytes.fromhex(bits))[0]),
    "$single": lambda bits: number(struct.unpack(">f", bytes.fromhex(bits))[0]),
    "$integer": lambda digits: integer(int(digits)),
    "$bigint": lambda digits: bignum(int(digits)),
    "$undefined": lambda _: leaf(cbor2.undefined),
    "$units": lambda units: text("".join(chr(int(units[at : at + 4], 16)) for at in range(0, len(units), 4))),
    "$bytes": lambda digits: leaf(bytes.fromhex(digits)),
    "$buffer": lambda digits: leaf(bytes.fromhex(digits)),
    "$view": lambda digits: leaf(bytes.fromhex(digits)),
    "$typed": lambda it: tagged(TYPED_ARRAYS[it[0]], leaf(bytes.fromhex(it[1]))),
    "$holes": lambda length: array([leaf(cbor2.undefined)] * length),
    "$object": fields,
    "$bare": fields,
    "$instance": fields,
    "$json": lambda value: encode(value),
    "$map": lambda pairs: tagged(259, entries(pairs)),
    "$entries": entries,
    "$set": lambda elements: tagged(258, array(sorted(map(encode, elements)))),
    "$date": lambda it: tagged(1, number(float("nan") if it is None else it / 1000)),
    "$regexp": lambda it: tagged(21066, array([leaf(it[0]), leaf(it[1])])),
    "$url": lambda address: tagged(32, leaf(address)),
    "$some": lambda value: some(encode(value)),
    "$none": lambda _: leaf(None),
    "$variant": lambda it: map_of([(leaf(it[0]), encode(it[1]))]),
    "$unit": leaf,
    "$deep": deep,
    "$repeat": lambda it: leaf(it[0] * it[1]),
    "$range": lambda length: array([leaf(index) for index in range(length)]),
}


def encode(description):
    if isinstance(description, list):
        return array([encode(item) for item in description])
    if isinstance(description, dict):
        [(kind, content)] = description.items()
        return BUILDERS[kind](content)
    return leaf(description)


def encode_arguments(vector):
    arguments = list(vector["arguments"])
    while vector["sides"] == ["js"] and arguments and arguments[-1] == {"$undefined": True}:
        arguments.pop()
    scope = leaf(vector["scope"]) if "scope" in vector else b""
    return encode(arguments) + scope


def faults(vector):
    expected = encode_arguments(vector)
    if expected.hex() != vector["cbor"]:
        yield f"cbor should be {expected.hex()}"
    if hashlib.sha256(expected).hexdigest() != vector["sha256"]:
        yield "sha256 is not that of cbor"
    if not vector["sides"] or set(vector["sides"]) - {"rust", "js"}:
        yield "sides are not some of rust and js"


def main():
    path = pathlib.Path(__file__).with_name("vectors.json")
    vectors = json.loads(path.read_text(encoding="utf-8"))
    found = [f"{vector['name']}: {fault}" for vector in vectors for fault in faults(vector)]
    if len(vectors) < ENOUGH:
        found.append(f"fewer than {ENOUGH} vectors")
    if len({vector["name"] for vector in vectors}) < len(vectors):
        found.append("a name stands twice")
    print("\n".join(found + [f"{len(vectors)} vectors, {len(found)} faults"]))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
