"""Notebook 5, the learning rate: its exercises, hints and solutions. Try first; `hint("…")` gives a nudge."""

import numpy as np

# %% rate-predict-arrives
# title: Predict an arrival
# minutes: 1
# trains: overshooting is not diverging
# before: fates-by-hand
#
# hint: The slope at 4 is 2·4. Where does the first step lead?
# hint: How far from the minimum is that place, and how far was the start?

prediction = "yes"  # with η = 0.9, does θ come closer to the minimum, "yes" or "no"

# From 4 the step is 0.9·8 = 7.2, to −3.2: across the minimum, and closer to it. The next step does the same from there.

# %% rate-predict-flatter
# title: Predict the flatter parabola
# minutes: 1
# trains: a rate is too large only for a curvature
# before: curvature-picture
#
# hint: Take the first step from 4, on both parabolas.
# hint: The slope of ¼θ² is θ/2. Is 0.9 of it more or less than the way to the minimum?

prediction = "no"  # does η = 0.9 jump across the minimum of ¼θ², "yes" or "no"

# At 4 the slope of ¼θ² is 2, so the step is 1.8 long, and the way to the minimum is 4. On θ² the step is four times
# as long.

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

# %% rate-predict-direction
# title: Predict the steepest direction
# minutes: 1
# trains: a curvature for every direction
# before: directions-by-hand
#
# hint: A step of 1 along b moves every output by 1. How far does a step of 1 along w move that of a flat with 3 rooms?
# hint: The loss bends most where the outputs move most. Is there a step of the same length that moves them farther?

prediction = "between"  # the bowl is steepest along "w", along "b", or "between" the two

# A step of 1 along w moves the output of a flat with x rooms by x. A little less of w and some of b, both upwards, is
# as long and moves the outputs farther; the curvature is twice the mean square of these moves.

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

# %% rate-predict-slow
# title: Predict the slow axis
# minutes: 1
# trains: the slower of two axes
# before: best-picture
#
# hint: Work out |1 − ηλ| for both axes, at a rate just below the limit.
# hint: What does the steep axis do at the limit itself?

prediction = "steep"  # just below the edge the slow axis is the "steep" one or the "gentle" one

# At the edge the steep axis bounces: its factor has the size 1, and just below the edge a little less. There the gentle
# axis is well under way, with a factor of 0.86.

# %% rate-predict-alternate
# title: Predict the limit of two rows
# minutes: 2
# trains: one row at a time
# before: alternate-experiment
#
# hint: Near the smaller limit the first row's step hardly shrinks its error. What does the other row's step do?
# hint: A round is the product of two factors, if the rows are much alike.

prediction = "between"  # compared with the rows' own limits, it is "the smaller", "between" or "the larger"

# A little above the smaller limit one factor is just beyond −1 while the other is well inside. These rows are much
# alike, so the round still shrinks the error, and the limit lies between the two.

# %% rate-predict-scaling
# title: Predict the better move
# minutes: 1
# trains: what standardising does to a bowl
# before: units-table
#
# hint: Every flat has a room at least, so w and b pull alike on all outputs. Which move puts an end to that?
# hint: What does each of the moves do to the mean of the rooms?

prediction = "subtract"  # which move alone brings κ closest to 1, "subtract" or "divide"

# With a mean of 0, moves along w and along b no longer mix: the own axes turn to w and b. Dividing alone leaves the
# mean as far from 0 as before, measured in spreads.

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
# Find the learning rate with which a single step on a row meets its target exactly, whatever θ is. `x` comes
# without the 1 of the bias.
#
# hint: A step multiplies the row's error by 1 − 2η‖a‖². What must that be?
# hint: a = (x₁, …, x_d, 1). Do not forget the last entry.


def landing_rate(x):
    """Return the η that meets a row in one step."""
    return 1 / (2 * (x @ x + 1))


# The error is multiplied by 1 − 2η‖a‖², and that is zero at η = 1/(2‖a‖²), with ‖a‖² = x·x + 1. Twice this rate is
# the row's limit.

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
    """Return the learning rate below which batch descent converges."""
    A = np.column_stack([X, np.ones(len(X))])
    return 2 / np.linalg.eigvalsh(2 / len(A) * A.T @ A)[-1]


# The Hessian is 2/n·AᵀA, its largest eigenvalue is the steepest curvature, and the steepest axis fails first. The
# targets do not matter.

# %% rate-edge
# title: Why 2/λₘₐₓ is the edge
# minutes: 10
# trains: 1 − ηλ in the worst direction
#
# One step on a bowl with Hessian H, in the worst direction, multiplies the distance to the minimum by how much, in
# size? (No curvature is zero here. The solution shows with it why the edge is $2/\lambda_{\max}$.)
#
# hint: Along the i-th own axis the factor is 1 − ηλᵢ. Which axis is the worst?
# hint: In size: a factor of −1.2 is worse than one of 0.9.
# hint: The worst axis is not always the steepest. At a small η, which one is slow?


def worst_factor(H, eta):
    """Return the largest |1 − ηλ| over the curvatures of H."""
    return np.abs(1 - eta * np.linalg.eigvalsh(H)).max()


# For positive η and λ, 1 − ηλ is below 1, so |1 − ηλ| < 1 fails only where ηλ reaches 2, and that happens first
# for the largest λ, at η = 2/λₘₐₓ. Above it a start on the steepest axis moves away for ever, below it every start
# comes closer.

# %% rate-best
# title: The best constant rate
# minutes: 8
# trains: 2/(λₘᵢₙ + λₘₐₓ)
#
# Return the constant rate whose worst factor is smallest, for a bowl with Hessian H. A flat direction (λ = 0, up to
# rounding) stays out of it. (A search is allowed: a ten-thousandth of the rate does not matter.)
#
# hint: Between which two axes is the balance?
# hint: At the best rate the gentle axis glides and the steep one overshoots, with factors of one size.
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
# With its best constant rate the narrow valley takes hundreds of steps. Do it in ten: return ten learning rates, one
# for each step of batch descent on a model with one feature, so that from any start the distance to the minimum
# shrinks to less than a millionth.
#
# hint: There are two axes. After ten steps each distance has been multiplied by ten factors 1 − ηₖλ.
# hint: A product is zero as soon as one of its factors is.
# hint: Which rate lands on the steep axis? And what undoes the other distance, once the steep one is zero?


def ten_rates(x):
    """Return ten learning rates that end at the minimum of any model ŷ = w·x + b."""
    A = np.column_stack([x, np.ones(len(x))])
    return np.tile(1 / np.linalg.eigvalsh(2 / len(A) * A.T @ A)[::-1], 5)


# A step with η = 1/λ lands on the axis of curvature λ, and it stays landed whatever later steps do, so two steps
# are enough. (Rounding is the reason for more rounds. With more axes, to land takes a rate for each curvature.)

# %% rate-two-rows
# title: The limit of two rows
# minutes: 30
# trains: a round as one matrix (hard)
#
# Two rows in turn, given as a, with the 1 at the end; they do not point the same way. Raise η from 0: at which rate do
# the rounds first stop converging? (Farther up they may converge again.) A search is allowed, in the plane of the two
# rows: at right angles to it nothing moves. A ten-thousandth of the rate does not matter.
#
# hint: In the plane of the two rows a step is the matrix I − 2η·aaᵀ. A round is a product of two of them.
# hint: A 2-by-2 matrix with trace t and determinant D has both eigenvalues below 1 in size exactly if |t| < 1 + D < 2.
# hint: The determinant is (1 − 2η‖a₁‖²)(1 − 2η‖a₂‖²). The trace needs a₁·a₂ as well. Which condition fails first?


def two_row_limit(a1, a2):
    """Return the η at which descent by two rows in turn first stops converging."""
    n1, n2, both = a1 @ a1, a2 @ a2, a1 @ a2
    determinant_reaches_one = (1 / n1 + 1 / n2) / 2
    product = n1 * n2 + both**2
    discriminant = (n1 + n2) ** 2 - 4 * product
    if discriminant < 0:
        return determinant_reaches_one
    return (n1 + n2 - np.sqrt(discriminant)) / (2 * product)


# The determinant reaches 1 at the mean of the rows' limits, and an eigenvalue reaches −1 where 1 − η(‖a₁‖² + ‖a₂‖²) +
# η²(‖a₁‖²‖a₂‖² + (a₁·a₂)²) = 0, if it ever does, and then it does so first. The article's rows are so much alike that
# only the mean, 0.676165, is left; for (−3, 1) and (−0.8, 1) an eigenvalue is beyond −1 from 0.1212 to 0.2951, and
# above that, up to the mean, 0.3549, the rounds converge again.
