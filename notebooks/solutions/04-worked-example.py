"""Notebook 4, the worked example: its exercises, hints and solutions. Try first; `hint("…")` gives a nudge."""

import numpy as np

# %% example-predict-w1
# title: Predict w₁
# minutes: 2
# trains: equation (9)
# before: output-and-loss-1
#
# hint: The output is 0. What is the error, with its sign?
# hint: Equation (9) has four factors after the minus: η, 2, the error, x₁.

prediction = 0.016  # w₁ after step 1

# The error is −0.8, so w₁ becomes 0 − 0.1·2·(−0.8)·0.1 = 0.016. w₂ and b share its first three factors.

# %% example-predict-again
# title: Predict the output after a step
# minutes: 1
# trains: what a step takes away
# before: closer
#
# hint: Work it out: ŷ = w₁·x₁ + w₂·x₂ + b, with the new knobs.
# hint: The largest part of it is b, which is 0.16 now.

prediction = "below"  # row 1's output after step 1 is "below" 0.8, "exactly" 0.8 or "above" 0.8

# 0.016·0.1 + 0.128·0.8 + 0.16 is 0.264, and the target is 0.8. A step takes away a part of the error, and η decides how
# large a part.

# %% example-predict-slips
# title: Count the slips
# minutes: 3
# trains: reading an update
# before: output-and-loss-2
#
# hint: Write equation (9) for this step yourself: where is w₁ now, and which row is it?
# hint: Hold it against the printed line, number by number.

prediction = 2  # how many numbers are wrong in the second line, left of its equals sign

# An update starts from the current w₁, which is 0.016, not 0.1. And the step is on row 2, whose x₁ is 0.5; the 0.1 is
# left over from row 1.

# %% example-predict-order
# title: Predict a slip
# minutes: 1
# trains: simultaneous updates
# before: recompute-w-first
#
# hint: After w₁ and w₂ have moved, is the output closer to the target or farther away?
# hint: The bias moves in proportion to the error that is left.

prediction = "less"  # recomputing ŷ after each update, b gets "more" than 0.16, "less" or "the same"

# Moving the weights first takes away part of the error, and b moves in proportion to what is left. So it gets less.

# %% example-predict-third
# title: Predict the third loss
# minutes: 1
# trains: one row's loss
# before: loop-by-hand
#
# hint: Step 3 is on row 1 again. Only step 1 has looked at that row.
# hint: After step 1 the error of row 1 was still −0.536. Square it; step 2 takes away only a part.

prediction = "no"  # is the loss printed in step 3 smaller still, "yes" or "no"

# Step 3 prints the loss of row 1 again, which is still 0.2118; the 0.0862 was row 2's. One row's loss jumps; judge a
# run by the mean.

# %% example-predict-batch
# title: Predict a batch step
# minutes: 1
# trains: the mean of the pulls
# before: pulls
#
# hint: The pull of row 1 on w₁ is 0.016. What is the pull of row 2, at the same θ?
# hint: A pull on w₁ is −η·2·(ŷ − y)·x₁. Row 2 has the error −0.5 and x₁ = 0.5.

prediction = "more"  # the first batch step moves w₁ "more" than 0.016, "less" or "the same"

# Row 2's error is smaller, but its x₁ is five times as large: it pulls w₁ by 0.05. The mean of 0.016 and 0.05 is 0.033.

# %% example-predict-how-many
# title: Predict how many fit
# minutes: 1
# trains: unknowns and equations
# before: flat-direction
#
# hint: To meet a row is one equation. How many equations are there, and how many unknowns?
# hint: Fix b at any number you like. Can w₁ and w₂ still meet both rows?

prediction = "endless"  # the number of different θ that meet both rows is "one", "two" or "endless"

# Two rows give two equations for three unknowns. For each b there are weights that meet both.

# %% example-predict-held-out
# title: Predict the held-out loss
# minutes: 1
# trains: learning and learning by heart
# before: overfitting-data
#
# hint: Nine features are noise. What is there in 14 rows that could move their weights?
# hint: What helps on the training rows alone is no help on other rows.

prediction = "turns"  # the held-out loss "falls" to the end, "turns" and rises, or "rises" from the start

# The first steps find x₁, which helps on training and held-out rows alike. Later ones fit the noise of the training
# rows, which says nothing of the others.

# %% example-other-first
# title: The other row first
# minutes: 6
# trains: two steps by hand
#
# Take row 2 first, then row 1, from zero with η = 0.1. What are w₁, w₂ and b after both steps? Use a pencil, keep all
# digits.
#
# hint: Step one on row 2: the error is −0.5, and the inputs are 0.5, 0.3 and 1.
# hint: Step two starts from where step one ended: compute a new output, for row 1.
# hint: Keep every digit of that output. A rounded one spoils the rest.

theta_after_two = [0.06342, 0.13736, 0.2342]

# Step one leads to (0.05, 0.03, 0.1). There row 1 has the output 0.129 and the error −0.671, and −0.1·2·(−0.671)
# times (0.1, 0.8, 1) is added.

# %% example-slip
# title: Find the slip
# minutes: 3
# trains: reading an update
#
# Someone prints step 2, on row 2, from $w_1 = 0.016$, $w_2 = 0.128$, $b = 0.16$:
#
# $$w_2 \leftarrow 0.128 - 0.1 \cdot 2 \cdot (0.2064 - 0.5) \cdot 0.8$$
#
# One number is wrong. Which number should stand in its place?
#
# hint: Go through equation (9), factor by factor: old weight, η, 2, output, target, input.
# hint: Which row is this step on?

should_be = 0.3

# The last factor must be the x₂ of row 2, which is 0.3. The 0.8 is the x₂ of row 1, left over from step 1.

# %% example-one-by-one
# title: Descend, one row at a time
# minutes: 10
# trains: the article's loop
#
# Write the article's descent for any rows: take them in turn, round and round, `steps` steps in all. `X` has shape
# (n, d), `theta` has the bias last. Return the last θ, and leave the one you were given as it is.
#
# hint: Which row is it in step k? The remainder `k % n` goes round and round.
# hint: In each step compute the error of that row alone, at the current θ.
# hint: `theta = theta - …` makes a new array. `theta -= …` would change the caller's.


def one_by_one(X, y, theta, eta, steps):
    """Return θ after `steps` steps, each on one row, in turn."""
    A = np.column_stack([X, np.ones(len(X))])
    for k in range(steps):
        a, target = A[k % len(A)], y[k % len(A)]
        theta = theta - eta * 2 * (a @ theta - target) * a
    return theta


# The remainder of k picks the row, and the error is computed at the θ that the step before has left. `theta = theta
# − …` makes a new array each time, so the caller keeps the start.

# %% example-batch
# title: One batch step
# minutes: 6
# trains: the mean of the pulls
#
# Write one step of batch descent on the mean squared error: all rows, one step.
#
# hint: Each row pulls on θ as in a one-by-one step. All pulls are computed at the same θ.
# hint: Then take the mean of the pulls, not their sum.


def batch_step(X, y, theta, eta):
    """Return θ after one batch step on the mean squared error."""
    A = np.column_stack([X, np.ones(len(X))])
    return theta - eta * 2 / len(y) * A.T @ (A @ theta - y)


# All errors are taken at the old θ, and their pulls averaged: 2/n times Aᵀ times the errors. With a sum, the step
# would be n times as long.

# %% example-left-over
# title: What is left of the error
# minutes: 8
# trains: 1 − 2η‖a‖²
#
# One step on a row takes away a part of its error. Which part is left? Return the new error divided by the old
# one, for any row x (without the 1 of the bias) and any η.
#
# hint: By how much does each parameter move? By how much does that move the output?
# hint: The output moves by −2ηe times the sum of all squared inputs. The bias has an input, too.


def left_over(x, eta):
    """Return the new error of a row divided by its old error."""
    return 1 - 2 * eta * (x @ x + 1)


# The parameters move by −2ηe·a, so the output moves by −2ηe·(a·a), and a·a is x·x + 1. The target does not matter,
# nor does where you stand.

# %% example-flat
# title: A direction that nobody notices
# minutes: 15
# trains: the line of perfect fits (hard)
#
# Two different rows with two features each leave three parameters one freedom. Return a direction d = (d₁, d₂, d₃) of
# length 1 along which θ can move without changing either output. Both signs are right.
#
# hint: Moving θ by d changes the output of a row by a·d, with a = (x₁, x₂, 1). What must a·d be?
# hint: You look for a vector at right angles to two vectors in space.
# hint: `np.cross` gives one. Which length has it?


def unnoticed(x_first, x_second):
    """Return a direction of length 1 that changes neither output, shape (3,)."""
    d = np.cross(np.append(x_first, 1), np.append(x_second, 1))
    return d / np.linalg.norm(d)


# The direction has to be at right angles to both rows, and the cross product is; dividing by its length makes that
# 1. Descent adds multiples of rows only, so it never moves along d.
