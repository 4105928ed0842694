## When something goes wrong on our side.

error-press = That was not saved. Please tap again.
error-message = That was not saved. Please send it again.
