"""Notebook 5, the learning rate: its exercises, hints and solutions. Try first; `hint("…")` gives a nudge."""

import numpy as np

# %% rate-predict-land
# title: Predict a landing
# minutes: 1
# trains: 1 − ηλ
# before: regimes-table
#
# hint: To be there after one step the distance must be multiplied by what?
# hint: 1 − ηλ has to be zero.

prediction = 0.5  # with λ = 2, the η that reaches the minimum in a single step

# The distance is multiplied by 1 − 2η, and that is zero at η = 0.5.

# %% rate-predict-converges
# title: Predict the edge
# minutes: 2
# trains: 2/λₘₐₓ
# before: edge-bisection
#
# hint: The largest curvature was computed above. What is its limit?
# hint: Compare 0.7 with 2/λ for the steepest axis.

prediction = "yes"  # does batch descent with η = 0.7 converge on these two rows, "yes" or "no"

# The largest curvature is 2.794279, so the limit is 2/2.794279 = 0.715748, a little above 0.7. It overshoots along
# the steep axis and converges.

# %% rate-predict-alternate
# title: Predict the limit of two rows
# minutes: 2
# trains: one row at a time
# before: alternate-experiment
#
# hint: Near the smaller limit the first row's step hardly shrinks its error. What does the other row's step do?
# hint: A round is the product of two factors, if the rows are much alike.

prediction = "between"  # compared with the rows' own limits, it is "the smaller", "between" or "the larger"

# A little above the smaller limit one factor is just beyond −1 while the other is well inside, and the round still
# shrinks the error. So the limit lies between the two.

# %% rate-by-hand
# title: Two steps by hand
# minutes: 3
# trains: the contraction factor
#
# A parabola has the curvature λ. You start at a `distance` to the right of the minimum. What is the distance after
# two steps, with its sign?
#
# hint: Each step multiplies the distance by the same factor.
# hint: Two steps: that factor, twice. Which sign has the square of a negative number?

curvature, eta, distance = 4, 0.3, 10
distance_after_two = 0.4

# The factor is 1 − 0.3·4 = −0.2, so one step leads to −2 and the second to 0.4. It overshoots twice, and so it is
# back on its own side.

# %% rate-land
# title: There in one step
# minutes: 6
# trains: 1 − 2η‖a‖²
#
# Find the learning rate with which a single step on a sample meets its target exactly, whatever θ is. `x` comes
# without the 1 of the bias.
#
# hint: A step multiplies the sample's error by 1 − 2η‖a‖². What must that be?
# hint: a = (x₁, …, x_d, 1). Do not forget the last entry.


def landing_rate(x):
    """Return the η that meets a sample in one step."""
    return 1 / (2 * (x @ x + 1))


# The error is multiplied by 1 − 2η‖a‖², and that is zero at η = 1/(2‖a‖²), with ‖a‖² = x·x + 1. Twice this rate is
# the sample's limit.

# %% rate-limit
# title: The stability limit
# minutes: 8
# trains: the Hessian, 2/λₘₐₓ
#
# Compute the stability limit of batch descent on the mean squared error, for any rows. `X` has shape (n, d),
# without the column of ones.
#
# hint: Put the column of ones on, then build the Hessian. It has a factor in front.
# hint: `np.linalg.eigvalsh` gives the curvatures, smallest first.


def limit_of(X):
    """Return the largest stable learning rate for batch descent."""
    A = np.column_stack([X, np.ones(len(X))])
    return 2 / np.linalg.eigvalsh(2 / len(A) * A.T @ A)[-1]


# The Hessian is 2/n·AᵀA, its largest eigenvalue is the steepest curvature, and the steepest axis fails first. The
# targets do not matter.

# %% rate-edge
# title: Why 2/λₘₐₓ is the edge
# minutes: 10
# trains: the edge, shown
#
# Show that $2/\lambda_{\max}$ is the edge. Write the factor that decides: one step on a bowl with Hessian H, in the
# worst direction, multiplies the distance to the minimum by how much, in size? Below the edge your number is below
# 1, above the edge it is above 1. (No curvature is zero here.)
#
# hint: Along the i-th own axis the factor is 1 − ηλᵢ. Which axis is the worst?
# hint: In size: a factor of −1.2 is worse than one of 0.9.
# hint: The worst axis is not always the steepest. At a small η, which one is slow?


def worst_factor(H, eta):
    """Return the largest |1 − ηλ| over the curvatures of H."""
    return np.abs(1 - eta * np.linalg.eigvalsh(H)).max()


# For positive λ, 1 − ηλ is always below 1, so |1 − ηλ| < 1 fails only where ηλ reaches 2, and that happens first
# for the largest λ, at η = 2/λₘₐₓ. Above it a start on the steepest axis moves away for ever, below it every start
# comes closer.

# %% rate-best
# title: The best constant rate
# minutes: 8
# trains: 2/(λₘᵢₙ + λₘₐₓ)
#
# Return the constant rate whose worst factor is smallest, for a bowl with Hessian H. A flat direction (λ = 0, up to
# rounding) stays out of it.
#
# hint: Between which two axes is the balance?
# hint: At the best rate the gentle axis glides with the same factor with which the steep one overshoots.
# hint: Sort the curvatures, and drop those that are zero up to rounding.


def best_constant_rate(H):
    """Return the η that makes the largest |1 − ηλ| over the curvatures above zero smallest."""
    curvatures = np.linalg.eigvalsh(H)
    bent = curvatures[curvatures > 1e-9 * curvatures[-1]]
    return 2 / (bent[0] + bent[-1])


# The worst factor is smallest where 1 − ηλₘᵢₙ = ηλₘₐₓ − 1, and that is η = 2/(λₘᵢₙ + λₘₐₓ). A flat direction
# does not take part, as nothing moves along it.

# %% rate-ten-steps
# title: The narrow valley in ten steps
# minutes: 20
# trains: factors that multiply (hard)
#
# With its best constant rate the narrow valley of the eight flats takes hundreds of steps. Do it in ten. You may
# give every step a rate of its own: return ten learning rates for batch descent on a model with one feature, so
# that from any start the distance to the minimum shrinks to less than a millionth. Some of your rates may be far
# above the limit.
#
# hint: There are two axes. After ten steps each distance has been multiplied by ten factors 1 − ηₖλ.
# hint: A product is zero as soon as one of its factors is.
# hint: Which rate lands on the steep axis? And what undoes the other distance, once the steep one is zero?


def ten_rates(x):
    """Return ten learning rates that end at the minimum of any model ŷ = w·x + b."""
    A = np.column_stack([x, np.ones(len(x))])
    return np.tile(1 / np.linalg.eigvalsh(2 / len(A) * A.T @ A)[::-1], 5)


# A step with η = 1/λ lands on the axis of curvature λ, and it stays landed whatever later steps do, so two steps
# are enough. (Rounding is the reason for more rounds, and with many axes one rate for each is needed.)

# %% rate-two-rows
# title: The limit of two rows
# minutes: 30
# trains: a round as one matrix (hard)
#
# One row at a time, two rows in turn. Rows are given as a, with the 1 at the end, and do not point the same way.
# Find the learning rate from which on the rounds no longer converge. Show with it that the limit is never below the
# smaller of the rows' own limits, and that for the article's rows it is the mean of the two. (A search for the edge
# is allowed, in the plane of the two rows: at right angles to it nothing moves. A formula is finer.)
#
# hint: In the plane of the two rows a step is the matrix I − 2η·aaᵀ. A round is a product of two of them.
# hint: A 2-by-2 matrix with trace t and determinant D has both eigenvalues below 1 in size exactly if |t| < 1 + D < 2.
# hint: The determinant is (1 − 2η‖a₁‖²)(1 − 2η‖a₂‖²). The trace needs a₁·a₂ as well. Which condition fails first?


def two_row_limit(a1, a2):
    """Return the η from which on descent by two rows in turn no longer converges."""
    n1, n2, both = a1 @ a1, a2 @ a2, a1 @ a2
    determinant_reaches_one = (1 / n1 + 1 / n2) / 2
    product = n1 * n2 + both**2
    discriminant = (n1 + n2) ** 2 - 4 * product
    if discriminant < 0:
        return determinant_reaches_one
    return min(determinant_reaches_one, (n1 + n2 - np.sqrt(discriminant)) / (2 * product))


# The determinant reaches 1 at the mean of the rows' limits, and an eigenvalue reaches −1 where 1 − η(‖a₁‖² + ‖a₂‖²)
# + η²(‖a₁‖²‖a₂‖² + (a₁·a₂)²) = 0, if it ever does; the smaller counts. Below the smaller of the own limits no step
# takes θ farther from a θ that meets both rows, so the limit is never below it; the article's rows are so much alike
# that no eigenvalue reaches −1, and the mean, 0.676165, is left.
