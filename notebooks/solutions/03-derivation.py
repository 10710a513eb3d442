"""Notebook 3, the derivation: its exercises with hints and solutions. Try first; `hint("…")` gives a nudge."""

import numpy as np

# %% derivation-predict-limit
# title: Predict where it is heading
# minutes: 1
# trains: equation (5)
# before: nudge-smaller
#
# hint: How far does the column move from one line to the next?
# hint: Compare each entry with its nudge. What do they add up to, or what is left between them?

prediction = -1.6  # nudge by less and less: which number does the last column approach?

# Each entry is −1.6 plus the nudge: −1.5 is −1.6 + 0.1, and so on. As the nudge shrinks to nothing, −1.6 remains.

# %% derivation-predict-nudge
# title: Predict a nudge
# minutes: 1
# trains: equation (8)
# before: nudge-parameters
#
# hint: Only one product of ŷ = w₁x₁ + w₂x₂ + b moves.
# hint: That product grows by the nudge times its input.

prediction = 0.05  # raise w₁ by 0.5: by how much does ŷ move? (x₁ = 0.1, x₂ = 0.8)

# The product w₁x₁ grows by 0.5·0.1 = 0.05, and everything else stays.

# %% derivation-predict-chain
# title: Predict a product
# minutes: 1
# trains: equation (7)
# before: chain
#
# hint: What did the bicycle do with its two rates?
# hint: Of a nudge of w₂, which part arrives in ŷ? And what does L make of that part?

prediction = -1.28  # the slope of L for w₂, from the rates −1.6 and 0.8

# A unit of w₂ moves ŷ by 0.8, and L answers at −1.6 for each unit of ŷ. Rates along a chain multiply, and −1.6 · 0.8
# is −1.28.

# %% derivation-predict-farthest
# title: Predict who moves farthest
# minutes: 1
# trains: equations (9) and (13)
# before: update-by-hand
#
# hint: All three share a factor. What is it multiplied by?
# hint: The inputs are 0.1, 0.8, and for the bias 1.

prediction = "b"  # which moves farthest in the first step: "w₁", "w₂" or "b"

# Each parameter moves by the shared factor times its own input, and the bias has the largest input, 1.

# %% derivation-predict-entry
# title: Predict an entry
# minutes: 2
# trains: the gradient of a mean
# before: gradient-loops
#
# hint: Do as for the first entry, with the second input of each row.
# hint: Input times residual in each row, then add. The 2/n in front is 2/2.

prediction = -0.79  # the second entry of the gradient (inputs 0.8 and 0.3, residuals −0.8 and −0.5)

# Row 1 gives 0.8 · (−0.8) = −0.64 and row 2 gives 0.3 · (−0.5) = −0.15. Their sum is −0.79, and the 2/2 in front
# changes nothing.

# %% derivation-predict-central
# title: Predict a chord
# minutes: 1
# trains: central differences
# before: chords
#
# hint: A forward difference looks to one side only, where the curve is flatter. Where is it steeper?
# hint: Work out both losses: at b = 0.5 and at b = −0.5.

prediction = "exact"  # the central difference with a nudge of 0.5: "too flat", "exact" or "too steep"

# On a parabola the right side is as much too flat as the left side is too steep. The two cancel, however large the
# nudge.

# %% derivation-predict-missed
# title: Predict a blind spot
# minutes: 1
# trains: what a gradient check can see
# before: slips-define
#
# hint: A gradient check looks at the gradient, and at nothing else.
# hint: Which slip happens only after a right gradient has been found?

prediction = 1  # which slip, 1 to 4, will the gradient check miss?

# With plus for minus the gradient is right, and only the step that uses it is wrong. A gradient check never sees a
# step.

# %% derivation-predict-falling
# title: Predict who hides
# minutes: 1
# trains: what a falling loss can tell
# before: slips-walk
#
# hint: Ask of each slip: does its step still lead downhill?
# hint: Half a step is a step downhill. And a step that leaves one parameter still?

prediction = 2  # with how many of the four slips does the loss fall all the same?

# Slips 1 and 2 turn the step uphill. Half a step, and a step of the weights alone, still lead downhill: slips 3 and 4
# hide.

# %% derivation-by-hand
# title: Three slopes by hand
# minutes: 4
# trains: equations (5), (8) and (12)
#
# Row 2, and parameters that are not all zero. What are the slopes of the squared error for w₁, w₂ and b? Use a pencil.
#
# hint: First the output, then the error. Only the bias is not zero.
# hint: All three slopes share 2(ŷ − y). What does each multiply it by?

row_2 = {"x₁": 0.5, "x₂": 0.3, "y": 0.5}
parameters_now = {"w₁": 0, "w₂": 0, "b": 0.2}
slopes_by_hand = [-0.3, -0.18, -0.6]  # a list: the slopes for w₁, w₂ and b

# The output is 0.2, so 2(ŷ − y) is −0.6. Multiplied by 0.5, 0.3 and 1 that gives −0.3, −0.18 and −0.6.

# %% derivation-update
# title: Equations (9) and (13) as a function
# minutes: 6
# trains: the update by one row
#
# Write one update by one row with any number of features. `theta` is an array with the bias last; `x` has one entry
# less. Return the new θ as an array, and leave the old one as it is.
#
# hint: The output needs all weights and the bias: `theta[:-1]` and `theta[-1]`.
# hint: Write the row as a = (x₁, …, 1). Then weights and bias follow one formula.
# hint: All parameters use the same error, computed once, before anything moves.


def updated(theta, x, y, eta):
    """Return θ after one step on the row (x, y)."""
    a = np.append(x, 1)
    return theta - eta * 2 * (a @ theta - y) * a


# With a 1 for the bias, equations (9) and (13) are one line: the shared factor times a. The error is computed
# before the update, so every parameter sees the same one.

# %% derivation-gradient
# title: Write the gradient
# minutes: 6
# trains: the matrix form
#
# Write the gradient of the mean squared error. `A` holds the rows of data, each with a 1 for the bias at its end:
# shape (n, p). Return p numbers.
#
# hint: Residuals first: one for each row.
# hint: Each entry of the gradient goes down one column of A. Which way round must A stand for that?
# hint: Check the shapes: (p, n) times (n,) gives (p,).


def mse_gradient(A, y, theta):
    """Return the gradient of the mean squared error, shape (p,)."""
    return 2 / len(y) * A.T @ (A @ theta - y)


# `A @ theta - y` has a residual for each row, and `A.T` adds them up, column by column, each times its input. The
# mean gives 1/n, the square gives 2.

# %% derivation-measure
# title: A gradient by measuring
# minutes: 8
# trains: central differences
#
# Measure the gradient of any loss at any θ by central differences: nudge one parameter at a time, by h to either
# side. `loss` takes an array θ and returns a number. Leave the θ you are given as it is.
#
# hint: For each parameter you need two losses. How far apart are the two places?
# hint: Make a copy of θ before you nudge an entry, or the old nudges stay in.
# hint: Mind `/ 2 * h`: Python divides by 2 and then multiplies by h.


def measured(loss, theta, h):
    """Return the gradient of the loss at θ by central differences, shape (p,)."""
    nudges = h * np.eye(len(theta))
    return np.array([(loss(theta + nudge) - loss(theta - nudge)) / (2 * h) for nudge in nudges])


# A copy with one entry moved nudges that parameter alone. The two losses are 2h apart, so the rise is divided by 2h.

# %% derivation-fourth-power
# title: Another loss
# minutes: 6
# trains: the chain rule
#
# Let the loss of a row be $(\hat y - y)^4$. That is $u^2$ with $u = (\hat y - y)^2$. Find its slope for ŷ by the
# chain rule.
#
# hint: Two links: how u² answers u, and how u answers ŷ.
# hint: The first is 2u, the second you know from equation (5). Multiply, then put u back in.


def slope_of_fourth_power(output, y):
    """Return the slope of (ŷ − y)⁴ for ŷ."""
    return 4 * (output - y) ** 3


# The links are 2u and 2(ŷ − y), and with u = (ŷ − y)² their product is 4(ŷ − y)³. Near the target it
# is smaller than the square's slope, and far away much larger.

# %% derivation-tanh
# title: One link more
# minutes: 15
# trains: backpropagation through a bend (hard)
#
# Bend the output: $\hat y = \tanh(z)$ with $z = \sum_i w_i x_i + b$, and the loss $(\hat y - y)^2$. Find the
# gradient for θ, the bias last. (The slope of tanh is $1 - \tanh^2 z$.)
#
# hint: The chain is now: θ to z, z to ŷ, ŷ to L. You know two of the three links.
# hint: The new link sits in the middle and is one number, shared by all parameters.
# hint: Compute ŷ once: the new link is 1 − ŷ².


def gradient_through_tanh(theta, x, y):
    """Return the gradient of (tanh(z) − y)² for θ, shape (p,)."""
    a = np.append(x, 1)
    output = np.tanh(a @ theta)
    return 2 * (output - y) * (1 - output**2) * a


# Three links multiply: 2(ŷ − y), then 1 − ŷ², then a. Where ŷ is close to 1 or −1 the middle link is close to 0,
# and the neuron learns slowly: it is saturated.
