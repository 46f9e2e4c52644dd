"""What schemathesis cannot know by itself: who is signed in, on which phone, with which families.

Half of what it makes up is left as it is; the other half gets the names of a real phone, so that it
comes past the door and into the rooms behind it.
"""

import os
import re
from hashlib import sha256
from itertools import count
from random import Random
from uuid import UUID

import requests
import schemathesis

ORIGIN = os.environ["PERCORSO_ORIGIN"]
LOGIN = os.environ.get("PERCORSO_LOGIN")
DEVICE = "0192f0c1-2b3c-7d4e-8f50-6172839400aa"

# What is attached: nothing, a byte, a text, more than one chunk.
FILES = [b"", b"\0", b"una lettera " * 40, bytes(300_000)]

turn = count()
ids = []


def sign_in():
    """Becomes a person of the demonstration, as the sign-in page does it."""
    browser = requests.Session()
    page = browser.get(f"{ORIGIN}/accesso").text
    token = re.search(r'name="token"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="token"', page)
    form = {"token": token[1] or token[2], "login": LOGIN}
    browser.post(f"{ORIGIN}/accesso/prova", data=form, allow_redirects=False).raise_for_status()
    return browser


def first_sync(browser):
    """Ties the sign-in to the phone and reads what the person may open."""
    me = browser.get(f"{ORIGIN}/api/v1/me")
    me.raise_for_status()
    user = me.json()["user"]
    request = {
        "protocol": 1,
        "device": DEVICE,
        "owner": user,
        "grant_epoch": 0,
        "position": {"cursors": []},
    }
    reply = browser.post(f"{ORIGIN}/api/v1/sync", json=request)
    reply.raise_for_status()
    return user, reply.json()


if LOGIN:
    phone = sign_in()
    user, reply = first_sync(phone)
    scopes = [grant["scope"] for grant in reply.get("grants", [])]
    changes = [op["change"] for page in reply.get("pages", []) for op in page["ops"] if op]


ODD = [
    None, True, "", " ", "\u0000", "a\u0000b", "\ud83d\ude00" * 40, "\u202e\u0301", "x" * 5_000, "2026-02-30",
    "0000-00-00", "99999-12-31", "00000000-0000-0000-0000-000000000000", 0, -1, 1.5, 2**31, 2**53,
    2**63 - 1, 2**63, 2**64, -(2**63), 10**40, [], {}, [[]], {"": {}},
]  # fmt: skip


def spoil(value, random):
    """Puts something odd in the place of one part of a value, or leaves it out or doubles it."""
    if isinstance(value, dict) and value and random.random() < 0.8:
        key = random.choice(sorted(value))
        rest = {name: part for name, part in value.items() if name != key}
        return rest if random.random() < 0.1 else {**rest, key: spoil(value[key], random)}
    if isinstance(value, list) and value and random.random() < 0.8:
        place = random.randrange(len(value))
        return [*value, spoil(value[place], random)]
    return random.choice(ODD)


def written(random):
    """An op as the phone would write it, with a real change, sometimes with something odd in it."""
    change = random.choice(changes) if changes else {}
    return {
        "id": str(UUID(int=random.getrandbits(128), version=4)),
        "device": DEVICE,
        "device_seq": random.choice([0, 1, 2**40, 2**63 - 1, 2**64 - 1, random.randrange(99)]),
        "scope": random.choice([*scopes, DEVICE]),
        "author": user,
        "at": random.choice([0, -(2**63), 2**63 - 1, random.randrange(2**41)]),
        "schema": random.choice([0, 1, 2, 3, 65535]),
        "change": spoil(change, random) if random.random() < 0.7 else change,
    }


def some(random, make):
    return [make(random) for _ in range(random.randrange(5))]


def an_id(random):
    return random.choice([*scopes, *ids, DEVICE])


def a_family(random):
    return random.choice([*scopes[:2], DEVICE])


def hash_of(file):
    return sha256(file).hexdigest()


def of_a_file(case, random):
    """Names a file that was perhaps offered, and sends a part of it."""
    file = random.choice(FILES)
    case.path_parameters.update(scope=a_family(random), hash=hash_of(file))
    if "from" in case.path_parameters:
        begin = random.choice([0, 0, 0, 1, len(file), 2**32 - 1])
        case.path_parameters["from"] = begin
        case.body = file[begin : begin + random.choice([1, 2**20])]


def of_the_phone(path, body, random):
    """Gives a message the names of the phone; one part of it stays what was made up."""
    asked = {"device": DEVICE}
    if path.endswith("/sync"):
        ops = some(random, written)
        ids.extend(op["id"] for op in ops)
        cursor = {"scope": an_id(random), "seq": random.choice([0, 1, 2**63, 2**64 - 1])}
        asked.update(
            protocol=1,
            owner=user,
            grant_epoch=random.choice([0, 1, 2**64 - 1]),
            position=random.choice([{"digest": 2**64 - 1}, {"cursors": [cursor, cursor]}]),
            ops=ops,
            purged=some(random, an_id),
            refused=some(random, an_id),
        )
    elif path.endswith("/quarantine"):
        op = an_id(random)
        reason = random.choice(["no", "\u0000", "x" * 1_000, "x" * 1_001])
        decisions = [{"adopt": op}, {"hand_over": op}, {"decline": {"op": op, "reason": reason}}]
        asked.update(decision=random.choice([None, *decisions]))
    elif path.endswith("/attachments"):
        file = random.choice(FILES)
        length = random.choice([len(file)] * 4 + [0, 1, 2**32 - 1])
        asked.update(owner=user, scope=a_family(random), hash=hash_of(file), bytes=length)
    elif path.endswith("/sealed/key"):
        asked.update(owner=user, proof="0" * 64)
    else:
        return body
    key = random.choice(sorted(asked))
    if key in body and random.random() < 0.5:
        asked[key] = body[key]
    return asked


@schemathesis.hook
def before_call(context, case, **kwargs):
    if not LOGIN:
        return
    # A session that is ended here must not be the one of all the others.
    browser = sign_in() if "/session" in case.path else phone
    cookies = "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies)
    case.headers = {**(case.headers or {}), "Cookie": cookies}
    number = next(turn)
    if number % 2 and "{hash}" in case.path:
        of_a_file(case, Random(number))
    elif number % 2 and isinstance(case.body, dict):
        case.body = of_the_phone(case.path, case.body, Random(number))
