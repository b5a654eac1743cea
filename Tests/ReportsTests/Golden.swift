/// What the synthetic comparison looks like in words.
enum Golden {
    static let ordinaryText = """
        MNIST sample: 5,000 training and 1,000 test examples, 784 features, 10 classes
        softmax regression, 7,850 parameters, pixels divided by 255, penalty 0.0001/2 ‖w‖²
        20 epochs, batches of 64, 5 paired runs of each method, seed 0

                  learning           training             test               test       epochs    updates          seconds      runs
        method        rate               loss             loss           accuracy    to 0.4778  to 0.4778        to 0.4778  diverged
        ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        gd           0.316        0.47778 ± 0      0.50778 ± 0        0.83333 ± 0       20 ± 0     20 ± 0          0.2 ± 0    0 of 5
        sgd            0.1    0.2751 ± 0.0028  0.3049 ± 0.0039  0.91479 ± 0.00056    2.3 ± 1.4  184 ± 113    0.032 ± 0.024    2 of 5
        momentum      0.01    0.2733 ± 0.0020  0.3033 ± 0.0029  0.91561 ± 0.00041  2.20 ± 0.56   174 ± 44    0.035 ± 0.012    0 of 5
        adam       0.00316  0.26609 ± 0.00093  0.2961 ± 0.0015  0.91852 ± 0.00019        2 ± 0    158 ± 0  0.0400 ± 0.0023    0 of 5
        Mean ± half a 95 % t-interval over the completed runs; training loss over the whole training set.
        Race: first evaluation with a training loss of at most 0.4778, the largest final training loss of
          any completed run; seconds are of training alone.
        gd: the best rate lay on the edge of the grid, which was widened from 0.0001…0.316 to 0.0001…1.
        sgd: 2 of 5 runs diverged and are in no mean.
        A run has diverged when the loss is no number, or ends above its start.

        Differences from the best method, paired by seed, with 95 % t-intervals:
        method         training loss         test loss       test accuracy
        ──────────────────────────────────────────────────────────────────
        gd        +0.21169 ± 0.00093  +0.2117 ± 0.0015  -0.08519 ± 0.00019
        sgd         +0.0093 ± 0.0010  +0.0093 ± 0.0010  -0.00380 ± 0.00021
        momentum    +0.0072 ± 0.0011  +0.0072 ± 0.0014  -0.00291 ± 0.00022
        adam                    best              best                best

        Lowest training loss: adam, ahead of gd, sgd and momentum: each interval of a paired difference
          excludes 0.
        Highest test accuracy: adam, ahead of gd, sgd and momentum: each interval of a paired difference
          excludes 0.
        Fewest seconds to the common loss: sgd, ahead of gd; not to be told from momentum and adam, where
          the interval of the paired difference contains 0.

        """

    static let singleRunText = """
        MNIST sample: 5,000 training examples, 784 features, 10 classes
        softmax regression, 7,850 parameters, pixels divided by 255, penalty 0.0001/2
          ‖w‖²
        20 epochs, batches of 64, one run of each method, seed 0

                  learning  training     epochs    updates    seconds      runs
        method        rate      loss  to 0.4778  to 0.4778  to 0.4778  diverged
        ───────────────────────────────────────────────────────────────────────
        gd           0.316    0.4778         20         20        0.2    0 of 1
        sgd            0.1    0.2756          3        237      0.042    0 of 1
        momentum      0.01    0.2733          2        158      0.032    0 of 1
        adam       0.00316    0.2661          2        158       0.04    0 of 1
        One run of each method: no interval can be had, and no method be told better
          than another.
        Race: first evaluation with a training loss of at most 0.4778, the largest final
          training loss of any completed run; seconds are of training alone.
        gd: the best rate lay on the edge of the grid, which was widened from
          0.0001…0.316 to 0.0001…1.

        """
}
