"""How this API says no: a status, a code, and a text; one function per code (CM-R5)."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.twins.core.values import Answer, Json, Refused

# What no operation says by itself: the answers of faults and limits.
USUAL: Mapping[int, tuple[str, str]] = {
    401: ("omni.not.logged.in", "User is not logged in."),
    404: ("omni.route.not.found", "Route not found."),
    413: ("omni.request.too.large", "The request is too large."),
    429: ("omni.too.many.requests", "Too many requests."),
    500: ("omni.internal.error", "An internal error occurred."),
}


class Denied(Refused):
    """A refusal with the API's code."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(status, text)
        self.code = code


def error_answer(refused: Refused) -> Answer:
    """The answer to a refused request."""
    code, text = USUAL.get(refused.status, (f"omni.error.{refused.status}", f"Error {refused.status}."))
    if isinstance(refused, Denied):
        code = refused.code
    body: Json = {"code": code, "message": refused.text or text, "success": False}
    return Answer(refused.status, body, refused.headers)


def not_logged_in() -> Denied:
    return Denied(401, *USUAL[401])


def no_route() -> Denied:
    return Denied(404, *USUAL[404])


def body_invalid() -> Denied:
    return Denied(400, "omni.body.invalid", "The request body is not a JSON object.")


def wrong_type(field: str, wanted: str) -> Denied:
    return Denied(400, "omni.field.wrong.type", f"The field ‘{field}’ was not of type {wanted}.")


def required(field: str) -> Denied:
    return Denied(400, "omni.field.required", f"The field ‘{field}’ is required.")


def id_mismatch() -> Denied:
    return Denied(400, "omni.field.id.mismatch", "The field ‘id’ does not match the ID in the path.")


def no_space(space_id: object) -> Denied:
    return Denied(404, "omni.space.not.found.id", f"Space with ID {space_id} could not be found.")


def space_not_empty(space_id: int) -> Denied:
    return Denied(400, "omni.space.not.empty", f"Space with ID {space_id} has components.")


def no_component(component_id: object) -> Denied:
    return Denied(404, "omni.component.not.found.id", f"Component with ID {component_id} could not be found.")


def no_component_key(key: str) -> Denied:
    return Denied(404, "omni.component.not.found.key", f"Component with key '{key}' could not be found.")


def duplicate_key(key: str, component_id: int) -> Denied:
    # The missing quote is the API's own.
    text = f"The key {key}' is currently used by another component (ID {component_id})."
    return Denied(400, "omni.component.duplicate.key", text)


def reserved_key() -> Denied:
    return Denied(400, "omni.component.reserved.key", "Sorry, 'root' is a reserved key.")


def invalid_key() -> Denied:
    text = "Keys can only be lowercase letters, numbers and hyphens(-)."
    return Denied(400, "omni.component.invalid.key", text)


def root_protected() -> Denied:
    text = "The root component cannot be moved, renamed or deleted."
    return Denied(400, "omni.component.root.protected", text)


def own_parent(component_id: int) -> Denied:
    text = f"You cannot set component with ID {component_id} to be its own parent."
    return Denied(400, "omni.component.parent.self", text)


def parent_elsewhere(parent_id: int, space_id: int) -> Denied:
    text = f"The parent component with ID {parent_id} is not in space with ID {space_id}."
    return Denied(400, "omni.component.parent.space", text)


def space_change(component_id: int, space_id: int) -> Denied:
    text = f"You cannot move component with ID {component_id} out of its current space (ID {space_id})."
    return Denied(400, "omni.component.space.change", text)


def under_descendant(component_id: int, parent_id: int) -> Denied:
    text = f"You cannot move component with ID {component_id} under its own descendant (ID {parent_id})."
    return Denied(400, "omni.component.parent.descendant", text)


def has_children(component_id: int) -> Denied:
    return Denied(400, "omni.component.has.children", f"Component with ID {component_id} has child components.")


def no_file(component_id: object) -> Denied:
    text = f"No file was found for component with ID {component_id}."
    return Denied(404, "omni.component.not.found.file", text)


def file_missing() -> Denied:
    return Denied(400, "omni.file.missing", "No file was uploaded.")


def no_user(user_id: object) -> Denied:
    return Denied(404, "omni.user.not.found.id", f"User with ID {user_id} could not be found.")


def password_insecure() -> Denied:
    text = "Password must be at least 8 characters containing a minimum of 2 letters and 2 numbers."
    return Denied(400, "omni.user.password.insecure", text)


def duplicate_email(email: str, user_id: int) -> Denied:
    text = f"The email ‘{email}’ is currently used by another user (ID {user_id})."
    return Denied(400, "omni.user.duplicate.email", text)


def minimum_active() -> Denied:
    return Denied(400, "omni.user.minimum.active", "There needs to be at least 1 active user.")
