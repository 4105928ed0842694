## When something goes wrong on our side.

error-press = That was not saved. Please tap again.
error-message = That was not saved. Please send it again.
error-waits-press = I can't save right now, but I keep trying. No need to tap again.
error-waits-message = I can't save right now, but I keep trying. No need to send it again.
