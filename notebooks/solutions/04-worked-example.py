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

# The error is −0.8, so w₁ becomes 0 − 0.1·2·(−0.8)·0.1 = 0.016.

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
# hint: Step 3 is on sample 1 again. Only step 1 has looked at that sample.
# hint: After step 1 the error of sample 1 was still −0.536. Square it.

prediction = "no"  # is the loss printed in step 3 smaller still, "yes" or "no"

# Step 3 prints the loss of the other row, and that row has been helped by one step only. One row's loss jumps;
# judge a run by the mean.

# %% example-other-first
# title: The other row first
# minutes: 6
# trains: two steps by hand
#
# Take sample 2 first, then sample 1, from zero with η = 0.1. What are w₁, w₂ and b after both steps? Use a pencil,
# keep all digits.
#
# hint: Step one on sample 2: the error is −0.5, and the inputs are 0.5, 0.3 and 1.
# hint: Step two starts from where step one ended: compute a new output, for sample 1.
# hint: Keep every digit of that output. A rounded one spoils the rest.

theta_after_two = [0.06342, 0.13736, 0.2342]

# Step one leads to (0.05, 0.03, 0.1). There sample 1 has the output 0.129 and the error −0.671, and −0.1·2·(−0.671)
# times (0.1, 0.8, 1) is added.

# %% example-slip
# title: Find the slip
# minutes: 3
# trains: reading an update
#
# Someone prints step 2, on sample 2, from $w_1 = 0.016$, $w_2 = 0.128$, $b = 0.16$:
#
# $$w_2 \leftarrow 0.128 - 0.1 \cdot 2 \cdot (0.2064 - 0.5) \cdot 0.8$$
#
# One number is wrong. Which number should stand in its place?
#
# hint: Go through equation (9), factor by factor: old weight, η, 2, output, target, input.
# hint: Which sample is this step on?

should_be = 0.3

# The last factor must be the x₂ of sample 2, which is 0.3. The 0.8 is the x₂ of sample 1, left over from step 1.

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
# One step on a sample takes away a part of its error. Which part is left? Return the new error divided by the old
# one, for any sample x (without the 1 of the bias) and any η.
#
# hint: By how much does each parameter move? By how much does that move the output?
# hint: The output moves by −2ηe times the sum of all squared inputs. The bias has an input, too.


def left_over(x, eta):
    """Return the new error of a sample divided by its old error."""
    return 1 - 2 * eta * (x @ x + 1)


# The parameters move by −2ηe·a, so the output moves by −2ηe·(a·a), and a·a is x·x + 1. The target does not matter,
# nor does where you stand.

# %% example-flat
# title: A direction that nobody notices
# minutes: 15
# trains: the line of perfect fits (hard)
#
# Two samples with two features each leave three parameters one freedom. Return a direction d = (d₁, d₂, d₃) of
# length 1 along which θ can move without changing either output. Both signs are right.
#
# hint: Moving θ by d changes the output of a sample by a·d, with a = (x₁, x₂, 1). What must a·d be?
# hint: You look for a vector at right angles to two vectors in space.
# hint: `np.cross` gives one. Which length has it?


def unnoticed(x_first, x_second):
    """Return a direction of length 1 that changes neither output, shape (3,)."""
    d = np.cross(np.append(x_first, 1), np.append(x_second, 1))
    return d / np.linalg.norm(d)


# The direction has to be at right angles to both rows, and the cross product is; dividing by its length makes that
# 1. Descent adds multiples of rows only, so it never moves along d.
