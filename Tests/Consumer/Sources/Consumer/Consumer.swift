import Descent

@main
struct Consumer {
    static func main() {
        print("consumer: passed")
    }
}
