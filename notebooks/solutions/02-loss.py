"""Notebook 2, the loss: its exercises with hints and solutions. Try first; `hint("…")` gives a nudge."""

import numpy as np

# %% loss-predict-cancel
# title: Predict a cancelling
# minutes: 1
# trains: what a sum of residuals can tell
# before: falling-line
#
# hint: You may lift a line as you like. What does lifting do to the sum?
# hint: Very high up all residuals are positive. Very low down?

prediction = "yes"  # a line that falls, with residuals that sum to zero: "yes" or "no"

# However a line is tilted, it can be lifted until what it is too high weighs as much as what it is too low. Then it
# passes through the middle of the points, and the sum is zero.

# %% loss-predict-double
# title: Predict an area
# minutes: 1
# trains: what squaring does
# before: squared-errors
#
# hint: Draw a square, and one with sides twice as long. How often does the small one fit in?
# hint: A residual of 1 and a residual of 2: what are their squares?

prediction = 4  # twice the residual makes the square how many times as large?

# The area of a square grows with the square of its side, and 2² is 4. So large errors weigh more than their share.

# %% loss-predict-cut
# title: Predict a cut
# minutes: 1
# trains: the shape of the loss
# before: slices-picture
#
# hint: How does one row's residual answer w? And its square?
# hint: The mean loss is a mean of such squares.

prediction = "parabola"  # the loss over w, drawn: a "line", a "V" or a "parabola"

# In w alone a residual is a straight line, and the square of a straight line is a parabola. A mean of parabolas that
# open upwards is one again.

# %% loss-predict-steeper
# title: Predict how steep
# minutes: 1
# trains: equation (5)
# before: row-loss
#
# hint: How high a parabola is and how steep it is are two things. How does the slope grow on the way from the bottom?
# hint: Measure it: by how much does the loss change if ŷ rises by 0.001, from each of the two places?

prediction = 2  # the slope at ŷ = 0 is how many times that at ŷ = 0.4? (y = 0.8)

# From 0 the output is 0.8 away from the target, from 0.4 it is 0.4 away. The slope grows in step with that distance,
# while the loss grows with its square.

# %% loss-predict-trap
# title: Predict the trap
# minutes: 1
# trains: the sign of (ŷ − y)
# before: trap
#
# hint: Which way does a slope with the wrong sign point?
# hint: Descent steps against the slope it is given.

prediction = "grows"  # with the flipped slope, step by step, the loss "falls", "stays" or "grows"

# The loss itself does not notice a flipped sign, but its slope does, and descent then walks uphill.

# %% loss-predict-rate
# title: Predict a friend's rate
# minutes: 1
# trains: sum and mean
# before: same-steps
#
# hint: A step is η times the slope. How do the two slopes compare?
# hint: The sum is steeper. Must its η be larger or smaller?

prediction = 0.1 / 6  # the η with which the sum takes the steps that the mean takes with 0.1

# The sum is six times the mean, and so are its slopes. With a sixth of the rate the product, the step, stays the same.

# %% loss-predict-mean
# title: Predict a mean loss
# minutes: 1
# trains: the mean squared error
# before: two-rows-loss
#
# hint: With all parameters at zero every output is zero. What are the residuals?
# hint: Square each of the two, then take the mean.

prediction = 0.445  # the mean loss of the two rows at w₁ = w₂ = b = 0

# The residuals are −0.8 and −0.5, the squares 0.64 and 0.25. Their mean is 0.445.

# %% loss-by-hand
# title: One row's loss by hand
# minutes: 3
# trains: equations (2) and (4)
#
# One row, and a guess for the parameters. What is the squared error of this row? Use a pencil.
#
# hint: First the output: two products, and the bias.
# hint: Then output minus target, then square.

x1, x2, y_row = 0.1, 0.8, 0.8
w1, w2, bias = 0.5, 0.5, 0.2
row_error = 0.0225

# The output is 0.5·0.1 + 0.5·0.8 + 0.2 = 0.65, so the residual is −0.15. Its square is 0.0225.

# %% loss-mse
# title: The mean squared error
# minutes: 5
# trains: equations (2) and (4) for many rows
#
# Write the mean squared error for any number of rows and features. `X` has n rows of d features, shape (n, d); `y` has
# n targets; `w` has d weights.
#
# hint: `X @ w` gives Σ wᵢxᵢ for every row at once. What is missing for the output?
# hint: Residuals first, then squares, then one number for all rows. The order matters.


def mse(X, y, w, b):
    """Return the mean over the rows of (ŷ − y)²."""
    return np.mean((X @ w + b - y) ** 2)


# `X @ w + b` is equation (2) for all rows, and the square is taken before the mean, so that nothing cancels. The
# mean divides by the number of rows, not by the number of features.

# %% loss-slopes
# title: The slope for each output
# minutes: 6
# trains: equation (5), and what the mean does to it
#
# The loss is the mean squared error of n rows. Raise a single output a little: how does the loss answer? Return the
# slopes for all n outputs, as an array of n numbers.
#
# hint: Equation (5) is the slope of one row's squared error. What does the mean do with that row's error?
# hint: In (1/n)·Σ(ŷ − y)² only one term moves when one output moves.


def slopes_by_output(outputs, y):
    """Return the slope of the mean squared error for each output, shape (n,)."""
    return 2 * (outputs - y) / len(y)


# When one output moves, one term of the mean moves, and its slope is that of equation (5) divided by n. Each row
# has its own slope, so nothing is added up.

# %% loss-half
# title: The forgotten half
# minutes: 6
# trains: sum, mean and half, and whose factor 2
#
# Many books use $\frac12\sum(\hat y - y)^2$, a half and a *sum*. With the mean squared error of n rows your descent
# takes good steps at η. Which learning rate takes exactly the same steps with the books' loss?
#
# hint: By which factor is the books' loss larger than the mean? Six rows are a good example.
# hint: A step is η times the slope. If the slope is c times as large, what must η be?


def rate_for_half_sum(eta, n):
    """Return the rate for ½Σ(ŷ − y)² that walks like η with the mean over n rows."""
    return 2 * eta / n


# The books' loss is n/2 times the mean, and so are its slopes. The rate has to be n/2 times smaller for the product
# to stay the same.

# %% loss-best-line
# title: The best line, in one go
# minutes: 12
# trains: the bottom of the bowl
#
# For one feature, find the line of least mean squared error without any descent: at the bottom of the bowl both
# slopes are zero. Return w and b.
#
# hint: The slope for b is zero when the residuals sum to zero. So the line passes through the middle of the points.
# hint: Measure x and y from their means. Then b is out of the way, and one equation is left for w.
# hint: That equation says: the residuals, each times its x, sum to zero.


def best_line(x, y):
    """Return (w, b) of the line of least mean squared error."""
    from_middle = x - x.mean()
    w = from_middle @ (y - y.mean()) / (from_middle @ from_middle)
    return w, y.mean() - w * x.mean()


# Measured from the means, the residuals times x sum to zero when w is Σ(x − x̄)(y − ȳ) divided by Σ(x − x̄)². Then
# b puts the line through the middle of the points.

# %% loss-sigmoid
# title: Cross-entropy through the sigmoid
# minutes: 15
# trains: the chain rule, which notebook 3 explains (hard)
#
# For a class, $p = 1/(1 + e^{-z})$, and the loss of one row is the cross-entropy $-[y\ln p + (1-y)\ln(1-p)]$. Find
# its slope for z. The result is surprisingly short. Work for arrays, entry by entry.
#
# hint: Two links: how the loss answers p, and how p answers z.
# hint: The slope of the sigmoid is p(1 − p). The slope of −ln p is −1/p.
# hint: Put both over the denominator p(1 − p), multiply, and watch what cancels.


def slope_by_z(z, y):
    """Return the slope of the cross-entropy for z, entry by entry."""
    return 1 / (1 + np.exp(-z)) - y


# The loss answers p at the rate (p − y)/(p(1 − p)), and p answers z at the rate p(1 − p): the product is p − y. It
# is output minus target again, and at a confident mistake it is almost 1 in size.
