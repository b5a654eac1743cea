enum Golden {
    static let ordinaryText = ""
    static let singleRunText = ""
}
