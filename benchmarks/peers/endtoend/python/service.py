"""What the services of benchmarks/peers/systems send, for those in Python."""

ROBOTS = "User-agent: *\nDisallow:\n"
GREETING = {"message": "A joint that needs no glue"}
LINE = "A joint that needs no glue at all, and one that needs no nails.\n"
LINES = 1000


def articles():
    return [
        {
            "id": i,
            "title": f"Joint {i}",
            "body": "A joint that needs no glue at all.",
            "tags": ["joints", "wood"],
            "draft": False,
        }
        for i in range(1, 101)
    ]


def article(draft):
    """The article of a draft, a dict or None where a rule is broken."""
    if not (0 < len(draft["title"]) <= 80 and draft["body"] and len(draft["tags"]) <= 8 and 0 <= draft["stars"] <= 5):
        return None
    return {
        "id": draft["stars"],
        "title": draft["title"],
        "body": draft["body"],
        "tags": draft["tags"],
        "draft": draft["draft"],
    }


def from_form(form):
    """The article of a form with get and getlist."""
    return {
        "id": int(form.get("stars")),
        "title": form.get("title"),
        "body": form.get("body"),
        "tags": form.getlist("tag"),
        "draft": form.get("draft") == "true",
    }
