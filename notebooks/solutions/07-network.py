"""Notebook 7, a network: its exercises, hints and solutions. Try first; `hint("…")` gives a nudge."""

import numpy as np

# %% network-predict-xor
# title: Predict the best line on XOR
# minutes: 1
# trains: what a line cannot do
# before: xor-line
#
# hint: Along one side of the square the target rises, along the opposite side it falls. Does a slope pay?
# hint: Take a line that is level. At which height are its squared errors smallest?

prediction = [0.5, 0.5, 0.5, 0.5]  # a list: the best line's output at (0, 0), (0, 1), (1, 0) and (1, 1)

# A slope along x₁ helps one side of the square and harms the other as much, and so does one along x₂. So the best line
# is level, at the mean of the four targets.

# %% network-predict-dead
# title: Predict who moves
# minutes: 1
# trains: what passes through a dead neuron
# before: back-step
#
# hint: Work out z₂ for row 1. On which side of the bend is it?
# hint: Nudge w₂₁ a little. Does h₂ answer?

prediction = "no"  # does step 1 move any parameter of neuron 2, "yes" or "no"

# z₂ is −0.7, so h₂ is 0, and stays 0 when w₂₁, w₂₂ or b₂ is nudged: their slopes are 0. Nor does v₂ move: its input is
# h₂.

# %% network-predict-slip
# title: Predict a slip
# minutes: 2
# trains: old weights on the way back
# before: old-slip
#
# hint: ŷ is below its target, so δ is below 0. Which way does v₁ go?
# hint: δ₁ is δ·v₁ here, and w₁₁ moves by −η·δ₁·x₁.

prediction = "too large"  # with the new v₁ for the old, w₁₁ after step 1 is "too small", "too large" or "the same"

# v₁ grows from 0.5 to 0.563. So δ₁ is larger in size, and w₁₁ goes farther than it should: to 1.003941 in place of
# 1.0035.

# %% network-predict-zero
# title: Predict who wakes
# minutes: 2
# trains: why nobody starts at zero
# before: zero-run
#
# hint: With all nine at 0, what are h₁ and h₂, and what is ŷ?
# hint: Write each slope as a product, equations (24) and (26). Which have a factor that is 0?

prediction = 1  # how many of the nine parameters ever move

# The slopes of v have an h in them, those of the hidden neurons a v, and h and v are 0. So c moves alone, and it leaves
# h and v where they are: it will be alone at the next step, too.

# %% network-predict-twins
# title: Predict the twins
# minutes: 1
# trains: why starts are random
# before: twins-run
#
# hint: Both neurons have the same inputs and the same parameters. What do they pass on?
# hint: Their v are equal, too. What comes back to each?

prediction = "no"  # do the two neurons ever differ, "yes" or "no"

# They pass on the same, and the same comes back to them. So they take the same step, and are equal before the next one,
# too.

# %% network-predict-starts
# title: Predict how many starts learn
# minutes: 1
# trains: a loss where the start decides
# before: starts-run
#
# hint: One bent line is not enough for XOR, and there are two neurons: each has to find its own.
# hint: There are several ways to lay two bent lines. A start has to be near one of them.

prediction = "about half"  # of 1,000 random starts "nearly all", "about half" or "hardly any" learn XOR

# 471 of them. Two neurons are just as many as it takes. With neurons to spare, more starts get there.

# %% network-forward
# title: Forward by hand
# minutes: 4
# trains: equations (22) and (23)
#
# Two inputs, two ReLU neurons, one output. What is ŷ? θ goes neuron by neuron, bias last: $h_1$, then $h_2$, then ŷ.
#
# hint: First z₁ = w₁₁x₁ + w₁₂x₂ + b₁, and z₂ in the same way. Then the larger of 0 and z.
# hint: One of the two is below 0. And the output itself has no bend.

theta = np.array([0.5, -1.0, 0.2, 1.0, 2.0, -0.4, 0.5, -0.5, 0.3])
x = np.array([0.6, 0.8])
output = -0.6

# z₁ = −0.3, so h₁ = 0. z₂ = 1.8 is above 0, and h₂ the same. So ŷ = 0.5·0 − 0.5·1.8 + 0.3, below 0, as a number without
# a bend may be.

# %% network-count
# title: Count the parameters
# minutes: 3
# trains: the shapes of two layers
#
# How many parameters has a network with d inputs, one layer of m hidden neurons, and K outputs?
#
# hint: Take one hidden neuron. How many numbers are its own?
# hint: An output has the m neurons for its inputs. How many numbers are its own?


def number_of_parameters(d, m, K):
    """Return the length of θ."""
    return m * (d + 1) + K * (m + 1)


# Each neuron and each output has a weight for each of its inputs, and a bias. Two inputs, two neurons and one output
# make 2·3 + 1·3 = 9.

# %% network-sigma-slope
# title: A slope told from h
# minutes: 5
# trains: φ′(z) without z
#
# On the way back h is at hand. Without looking up: what is the slope of σ at z, told from s = σ(z) alone, and that of
# tanh, told from t = tanh(z) alone?
#
# hint: The first you have met in notebook 6, where σ(z) was called p.
# hint: tanh(z) = 2σ(2z) − 1: a σ, stretched. What do the two factors 2 do to the slope?


def slopes_from_h(s, t):
    """Return σ′(z) and tanh′(z), told from s = σ(z) and t = tanh(z)."""
    return s * (1 - s), 1 - t**2


# σ′ is p(1 − p) of notebook 6. The two factors 2 of the stretched σ make 4σ(2z)·(1 − σ(2z)) of it, and with
# σ(2z) = (1 + t)/2 that is (1 + t)(1 − t).

# %% network-delta
# title: What comes back to a neuron
# minutes: 5
# trains: equation (25)
#
# Two rows, two ReLU neurons, and a step on the *second* row. Which δ₁ and δ₂ does it send back to the two neurons?
# Return both.
#
# hint: Forward first, on this row: z₁, z₂, then ŷ. And δ is the slope of (ŷ − y)² by ŷ.
# hint: δⱼ has three factors: δ, the weight that leads from neuron j to the output, and the slope of its bend.

theta = np.array([1.5, -1.0, 0.2, -1.0, 2.0, 0.1, 0.6, -0.8, 0.3])
X, y, eta = np.array([[0.2, 0.7], [0.9, 0.3]]), np.array([0.4, 1.5]), 0.25
deltas = [-0.54, 0]  # a list: δ₁ and δ₂

# z₁ = 1.25 and z₂ = −0.2, so ŷ = 0.6·1.25 + 0.3 = 1.05 and δ = 2(ŷ − y) = −0.9. δ₁ is δ·v₁, and neuron 2 is dead on
# this row: nothing comes back to it. η has no say before the update.

# %% network-step
# title: One whole step
# minutes: 10
# trains: forward, backward, update
#
# Without looking up: write one step on one row, for two inputs, two *tanh* neurons and one output, with the loss
# (ŷ − y)². Return the new θ, nine numbers in the old order.
#
# hint: Compute z, h and ŷ, then δ, then both δⱼ. Move nothing before that. The slope of tanh is 1 − h².
# hint: `theta[:6].reshape(2, 3)` is the hidden layer, a row for each neuron; a slope has the shape of its parameter.
# hint: `np.outer(deltas, a)`, with a = (x₁, x₂, 1), has the slopes of that layer, and `.ravel()` makes a list of them.


def network_step(theta, x, y, eta):
    """Return θ after one step on the row (x, y)."""
    a, hidden, output = np.append(x, 1), theta[:6].reshape(2, 3), theta[6:]
    h = np.append(np.tanh(hidden @ a), 1)
    delta = 2 * (output @ h - y)
    deltas = delta * output[:2] * (1 - h[:2] ** 2)
    return theta - eta * np.append(np.outer(deltas, a), delta * h)


# The nine slopes belong to one place, the old θ. Whoever moves v first sends δ back through weights that did not make
# this ŷ. The bend stands in two places, in h, and as its slope in δⱼ.

# %% network-famous
# title: The famous example
# minutes: 12
# trains: old weights on the way back, with two outputs
#
# Mazur's network: two inputs, two hidden neurons, two outputs, a sigmoid behind each of the four; the loss is
# ½Σ(t − o)². `W` has a row for each hidden neuron, `V` one for each output. The biases, `b` of both hidden neurons and
# `c` of both outputs, are held fixed. Without looking up: return the loss after *one* update of W and V. Do his
# page's numbers give the loss printed there?
#
# hint: σ(z) has the slope o(1 − o), so an output's δ is (o − t)·o·(1 − o): the ½ has eaten the 2.
# hint: A hidden neuron is heard by both outputs. What comes back by two ways is added: `V.T @ delta`.
# hint: Both tables of slopes first, and then both updates.


def loss_after_update(x, t, W, V, b, c, eta):
    """Return ½Σ(t − o)² after one update of W and V."""

    def sigma(z):
        return 1 / (1 + np.exp(-z))

    h = sigma(W @ x + b)
    o = sigma(V @ h + c)
    delta = (o - t) * o * (1 - o)
    deltas = V.T @ delta * h * (1 - h)
    W, V = W - eta * np.outer(deltas, x), V - eta * np.outer(delta, h)
    return np.sum((t - sigma(V @ sigma(W @ x + b) + c)) ** 2) / 2


# With the page's numbers 0.291027774 comes out. The page prints 0.291027924: the loss of a program in which V has moved
# before its hidden slopes are asked for.

# %% network-matrices
# title: The hidden slopes of many rows
# minutes: 10
# trains: the gradient in matrices
#
# A tanh network with one output. `W` has a row for each hidden neuron, its bias last; `v` has the output's weights, and
# c last. Return the slopes of the *mean* squared error by W, in the shape of W.
#
# hint: Note the shapes: with its column of ones A has (n, d + 1), h has (n, m), and W has (m, d + 1).
# hint: The δⱼ of the rows are a table of the shape of h. And c has no neuron behind it.
# hint: Which product of that table and A has the shape of W? It adds up over the rows.


def hidden_slopes(X, y, W, v):
    """Return the slopes of the mean squared error by W, shape (m, d + 1)."""
    A = np.column_stack([X, np.ones(len(X))])
    H = np.tanh(A @ W.T)
    delta = 2 * (H @ v[:-1] + v[-1] - y) / len(y)
    deltas = np.outer(delta, v[:-1]) * (1 - H**2)
    return deltas.T @ A


# The slope of one weight is a sum over the rows, of δⱼ times input; `deltas.T @ A` has such a sum in each entry. So the
# table is turned because rows are what is summed over, and the mean is in δ already.

# %% network-kink
# title: A check near a kink
# minutes: 8
# trains: how long a nudge may be
#
# Over a weight w, the loss of a ReLU network may have a kink where a neuron wakes on a row. Measure the slope of
# `loss` at w, to six digits. The nearest kink lies between 1/1000 and 1/100 away.
#
# hint: Both ends of your nudge should lie on the same side of the kink.
# hint: And six digits are many for a nudge to one side. To both sides?


def slope_near_kink(loss, w):
    """Return the slope of the loss at w, measured."""
    h = 1e-5
    return (loss(w + h) - loss(w - h)) / (2 * h)


# With the kink out of reach ŷ is a line over w and the loss a parabola, whose central difference is exact but for
# rounding. A nudge across the kink mixes two slopes; one to one side is off by half of the curvature times h.

# %% network-twice
# title: A weight used again and again
# minutes: 15
# trains: slopes add where paths meet (hard)
#
# One neuron hears itself: $h_0 = x$, then $h_k = \tanh(w h_{k-1} + b)$ for k = 1 … n, and the loss is $(h_n - y)^2$.
# Return the slopes by w and by b. Each of the two is used n times.
#
# hint: Give each use a name of its own, w₁ … wₙ. Then it is a chain, and you know the slope of each.
# hint: A nudge of w nudges each of them. So what becomes of their slopes?
# hint: Go back from k = n to 1, with one δ that passes a bend and then a weight, and collect on the way.


def shared_slopes(w, b, x, y, n):
    """Return the slopes of the loss by w and by b."""
    h = [x]
    for _ in range(n):
        h.append(np.tanh(w * h[-1] + b))
    delta, of_w, of_b = 2 * (h[-1] - y), 0.0, 0.0
    for k in range(n, 0, -1):
        delta = delta * (1 - h[k] ** 2)
        of_w += delta * h[k - 1]
        of_b += delta
        delta = delta * w
    return of_w, of_b


# Each use has a path of its own to the loss. Along a path slopes multiply, and where paths meet they add: `+=`. With
# `=` the last round of the loop would be left. PyTorch adds from one `backward()` to the next as well, so its loops
# clear the slopes before each step.
