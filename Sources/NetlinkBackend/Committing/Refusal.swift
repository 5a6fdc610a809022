import CNftnl
import KernelForm
import Netfilter

/// Tells which object of a plan the kernel meant when it refused a message.
struct Refusal {
  let plan: Plan
  let step: NetlinkError.Step

  /// The error that `reply` to a message of `batch` comes to.
  func error(_ reply: KernelReply, in batch: borrowing Batch) -> NetlinkError {
    guard let subject = batch.subject(of: reply), let place = subject.operation else {
      return NetlinkError(step, errno: reply.errno, message: reply.text)
    }
    let operation = plan.operations[place]
    var origin = operation.origin
    if let range = subject.elements, let elements = operation.elements {
      let element = element(reply, subject, range, in: batch) ?? repeated(reply, elements, range)
      origin = element.flatMap { elements.commentOrigin(at: $0) }
    }
    return NetlinkError(
      step, errno: reply.errno, object: operation.object, origin: origin, message: reply.text)
  }

  /// The element inside whose bytes the fault is.
  private func element(
    _ reply: KernelReply, _ subject: Batch.Subject, _ range: Range<Int>,
    in batch: borrowing Batch
  ) -> Int? {
    guard let offset = reply.offset else { return nil }
    let bytes = batch.bytes.span.extracting(subject.start..<batch.bytes.count)
    var messages = MessageWalk()
    // The bytes are our own: they are well formed.
    guard let message = try? messages.next(in: bytes),
      let list = try? Nest(message.attributes, in: bytes)[NFTA_SET_ELEM_LIST_ELEMENTS]
    else { return nil }
    var walk = AttributeWalk(list.value)
    for index in range {
      guard let item = try? walk.next(in: bytes) else { return nil }
      if item.range.contains(offset) { return index }
    }
    return nil
  }

  /// The first element of the message whose key an earlier one has: kernels before 6.0 tell no
  /// place. Where intervals touch, keys are there twice by right.
  private func repeated(
    _ reply: KernelReply, _ elements: ElementTable, _ range: Range<Int>
  ) -> Int? {
    guard reply.errno == EEXIST, elements.intervalEnds.isEmpty else { return nil }
    var seen: Set<[UInt8]> = []
    return (0..<range.upperBound).first { index in
      !seen.insert(Array(elements.key(at: index))).inserted && range.contains(index)
    }
  }
}
