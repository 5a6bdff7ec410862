using As2.Receipts;
using As2.Storage;
using As2.Testing.Storage;

namespace As2.Core.Tests.Receipts;

/// <summary>Receipts that come late, twice, or say something else than the first.</summary>
public sealed class ReceiptReconciliationTests
{
    private static readonly ReceiptVerdict s_positive = new(ReceiptOutcome.Confirmed, "processed, MIC x", Disposition.Processed);
    private static readonly ReceiptVerdict s_negative = new(ReceiptOutcome.Negative, "the partner answered failed", Disposition.UnexpectedProcessingError);

    [Test]
    public void a_receipt_after_the_expiry_still_counts_and_is_told_as_late()
    {
        var step = ReceiptReconciliation.Step(Sent(MessageState.Expired), Sample.Wire("receipt"), s_positive);
        Assert.That(step.To, Is.EqualTo(MessageState.Acknowledged));
        Assert.That(step.Events.Select(e => e.Kind), Is.EqualTo(["late-acknowledged", Alert.Kind]));
        Assert.That(step.Events[1].Text, Does.StartWith(Alert.LateReceipt));
    }

    [Test]
    public void the_same_answer_twice_is_one_line_of_history_and_no_alert()
    {
        var step = ReceiptReconciliation.Step(Sent(MessageState.Acknowledged, "first"), Sample.Wire("receipt"), s_positive);
        Assert.That(step.KeepsState);
        Assert.That(step.Receipt, Is.Null);
        Assert.That(step.Events.Single().Kind, Is.EqualTo("receipt-again"));
    }

    [TestCase(MessageState.Acknowledged, false)]
    [TestCase(MessageState.Rejected, true)]
    public void the_first_receipt_counts_and_a_contradiction_is_an_alert(MessageState state, bool second)
    {
        var step = ReceiptReconciliation.Step(Sent(state, "first"), Sample.Wire("receipt"), second ? s_positive : s_negative);
        Assert.That(step.KeepsState);
        Assert.That(step.Events.Last(), Is.EqualTo((Alert.Kind, step.Events.Last().Text)));
        Assert.That(step.Events.Last().Text, Does.StartWith(Alert.ReceiptConflict));
    }

    [Test]
    public void an_untrusted_receipt_changes_nothing_and_alarms_nobody()
    {
        var forged = new ReceiptVerdict(ReceiptOutcome.NotTrusted, "signed by somebody else", Disposition.UnexpectedProcessingError);
        var step = ReceiptReconciliation.Step(Sent(MessageState.Acknowledged, "first"), Sample.Wire("receipt"), forged);
        Assert.That(step.Events.Single().Kind, Is.EqualTo("receipt-refused"));
    }

    private static StoredMessage Sent(MessageState state, string? receipt = null)
        => Sample.Outbound().Message with { State = state, Receipt = receipt is null ? null : Sample.Wire(receipt) };
}
