/// A figure whose lines grow step by step: the still picture is its last frame.
///
/// Lines grow, each with a dot at its present end; contours and marks stand still from the beginning. Point i of a line is
/// where it is after i steps, so that lines that grow together are in step.
public struct FigureAnimation: Codable, Sendable, Equatable {
    /// The picture at the end.
    public var figure: Figure
    /// The steps of the longest line, one less than its points.
    public var steps: Int
    /// Steps from one frame to the next.
    public var stride: Int
    /// The time between frames, in hundredths of a second.
    public var delay: Int

    /// An animation.
    ///
    /// - Parameters:
    ///   - figure: The picture at the end.
    ///   - steps: The steps of the longest line, one less than its points.
    ///   - stride: Steps from one frame to the next, at least 1.
    ///   - delay: The time between frames, in hundredths of a second.
    public init(_ figure: Figure, steps: Int, stride: Int = 1, delay: Int = 10) {
        precondition(steps >= 1 && stride >= 1, "an animation of \(steps) steps, \(stride) a frame")
        self.figure = figure
        self.steps = steps
        self.stride = stride
        self.delay = delay
    }

    /// How many frames there are: those in which something moves, and one and a half seconds of the end.
    var frameCount: Int { (steps + stride - 1) / stride + 1 + 150 / max(1, delay) }
}
