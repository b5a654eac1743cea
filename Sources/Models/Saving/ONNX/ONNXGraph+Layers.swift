import DescentDatasets
import DescentLinearAlgebra

// The layers of networks as operators. A runtime may lack operators for `double`: it has the elementary ones, from which
// the others are then put together.

extension ONNXGraph {
    /// (x − shift) · factor and the limit, computed in `double` whatever comes in and goes out, as the library does.
    mutating func scaler(_ scaler: Scaler, _ x: String, from: NumberType, to: NumberType) -> String {
        var value = cast(x, from: from, to: .double)
        let shift = constant("scaler.shift", scaler.shift, shape: [scaler.featureCount])
        let factor = constant("scaler.factor", scaler.factor, shape: [scaler.featureCount])
        value = add("Sub", [value, shift])
        value = add("Mul", [value, factor])
        if let limit = scaler.limit {
            value = add("Min", [value, constant(limit)])
            value = add("Max", [value, constant(-limit)])
        }
        return cast(value, from: .double, to: to)
    }

    /// x W + b.
    mutating func dense<Scalar: MatrixScalar>(
        _ x: String, name: String, weights: [Scalar], bias: [Scalar]?, inputs: Int, outputs: Int
    ) -> String {
        let w = constant("\(name).weights", weights, shape: [inputs, outputs])
        guard let bias else { return add("MatMul", [x, w], named: name) }
        return add("Gemm", [x, w, constant("\(name).bias", bias, shape: [outputs])], named: name)
    }

    /// A network's layers on scaled features; returns the outputs.
    mutating func layers<Scalar: MatrixScalar>(
        _ layout: NetworkLayout, _ parameters: [Scalar], _ x: String
    ) -> String {
        var value = x
        for placement in layout.layers {
            func part(_ range: Range<Int>) -> [Scalar] { Array(parameters[range]) }
            switch placement.layer.kind {
            case .dense:
                value = dense(
                    value, name: placement.name, weights: part(placement.weights),
                    bias: placement.bias.isEmpty ? nil : part(placement.bias), inputs: placement.inputs,
                    outputs: placement.outputs)
            case .activation(let activation): value = self.activation(activation, value, as: Scalar.self)
            case .dropout: break
            case .batchNorm(_, let epsilon):
                let factor = zip(part(placement.scale), part(placement.runningVariance)).map {
                    scale, variance in
                    Scalar(Double(scale) / (Double(variance) + epsilon).squareRoot())
                }
                let name = placement.name
                let mean = constant(
                    "\(name).runningMean", part(placement.runningMean), shape: [placement.outputs])
                value = add("Sub", [value, mean])
                value = add("Mul", [value, constant("\(name).factor", factor, shape: [placement.outputs])])
                let shift = constant("\(name).shift", part(placement.shift), shape: [placement.outputs])
                value = add("Add", [value, shift], named: name)
            case .layerNorm(let epsilon):
                value = layerNorm(
                    value, name: placement.name, scale: part(placement.scale), shift: part(placement.shift),
                    epsilon: Scalar(epsilon))
            }
        }
        return value
    }

    private mutating func layerNorm<Scalar: MatrixScalar>(
        _ x: String, name: String, scale: [Scalar], shift: [Scalar], epsilon: Scalar
    ) -> String {
        let overRow: [(String, Attribute)] = [("axes", .integers([1])), ("keepdims", .integer(1))]
        let deviation = add("Sub", [x, add("ReduceMean", [x], overRow)])
        let variance = add("ReduceMean", [add("Mul", [deviation, deviation])], overRow)
        let root = add("Sqrt", [add("Add", [variance, constant(epsilon)])])
        let scaled = add(
            "Mul", [add("Div", [deviation, root]), constant("\(name).scale", scale, shape: [scale.count])])
        return add("Add", [scaled, constant("\(name).shift", shift, shape: [shift.count])], named: name)
    }

    /// φ(z).
    mutating func activation<Scalar: MatrixScalar>(
        _ activation: Activation, _ z: String, as type: Scalar.Type
    ) -> String {
        let isDouble = Scalar.self == Double.self
        func number(_ value: Double) -> Scalar { Scalar(value) }
        switch activation {
        case .identity: return z
        case .relu: return add("Relu", [z])
        case .tanh: return add("Tanh", [z])
        case .sigmoid: return add("Sigmoid", [z])
        case .silu: return add("Mul", [z, add("Sigmoid", [z])])
        case .leakyReLU(let slope):
            if !isDouble { return add("LeakyRelu", [z], [("alpha", .float(slope))]) }
            let left = add("Mul", [add("Min", [z, constant(number(0))]), constant(number(slope))])
            return add("Add", [add("Relu", [z]), left])
        case .elu(let alpha):
            if !isDouble { return add("Elu", [z], [("alpha", .float(alpha))]) }
            return add("Add", [add("Relu", [z]), leftExponential(z, number(alpha))])
        case .selu:
            let (alpha, gamma) = (ActivationKernel.seluAlpha, ActivationKernel.seluScale)
            if !isDouble {
                return add("Selu", [z], [("alpha", .float(alpha)), ("gamma", .float(gamma))])
            }
            let sum = add("Add", [add("Relu", [z]), leftExponential(z, number(alpha))])
            return add("Mul", [sum, constant(number(gamma))])
        case .softplus:
            if !isDouble { return add("Softplus", [z]) }
            // max(z, 0) + log(1 + e^−|z|)
            let exponential = add("Exp", [add("Neg", [add("Abs", [z])])])
            let logarithm = add("Log", [add("Add", [exponential, constant(number(1))])])
            return add("Add", [add("Relu", [z]), logarithm])
        case .gelu:
            // z (½ + ½ erf(z/√2)), and erf is there in `float` only.
            let scaled = add("Mul", [z, constant(number(0.5.squareRoot()))])
            let error = cast(
                add("Erf", [cast(scaled, from: NumberType(Scalar.self), to: .float)]), from: .float,
                to: NumberType(Scalar.self))
            let half = constant(number(0.5))
            return add("Mul", [z, add("Add", [add("Mul", [error, half]), half])])
        case .geluTanh:
            // ½ z (1 + tanh(√(2/π)(z + 0.044715 z³)))
            let cube = add("Mul", [add("Mul", [z, z]), z])
            let inner = add("Add", [z, add("Mul", [cube, constant(number(0.044715))])])
            let argument = add("Mul", [inner, constant(number((2 / Double.pi).squareRoot()))])
            let half = constant(number(0.5))
            return add("Mul", [z, add("Add", [add("Mul", [add("Tanh", [argument]), half]), half])])
        }
    }

    /// α (e^min(z, 0) − 1).
    private mutating func leftExponential<Scalar: MatrixScalar>(_ z: String, _ alpha: Scalar) -> String {
        let exponential = add("Exp", [add("Min", [z, constant(0 as Scalar)])])
        return add("Mul", [add("Sub", [exponential, constant(1 as Scalar)]), constant(alpha)])
    }
}
