using System.Net;
using As2.Agreements;
using As2.Storage;
using As2.Testing;

namespace As2.Core.Tests.Transmission;

public sealed class MessageOperationsTests
{
    [Test]
    public async Task a_resubmission_is_a_new_message_linked_to_the_old_one()
    {
        using var world = new SendingWorld { Answer = HttpStatusCode.BadRequest };
        var old = await world.SubmitAsync();
        Assert.That((await world.WorkAsync()).Single().State, Is.EqualTo(MessageState.Rejected));

        world.Answer = HttpStatusCode.OK;
        var anew = (await world.Store.GetAsync(await world.Operations.ResubmitAsync(old, default), default))!;
        Assert.That((await world.WorkAsync()).Single(), Has.Property("Id").EqualTo(anew.Id).And.Property("State").EqualTo(MessageState.Acknowledged));

        var former = (await world.Store.GetAsync(old, default))!;
        Assert.That(anew.ResubmissionOf, Is.EqualTo(old));
        Assert.That(anew.MessageId, Is.Not.EqualTo(former.MessageId));
        Assert.That(anew.Payloads, Is.EqualTo(former.Payloads));
        Assert.That(former.State, Is.EqualTo(MessageState.Rejected));
        Assert.That((await world.Store.GetHistoryAsync(old, default)).Last().Text, Does.Contain(anew.Id));
    }

    [Test]
    public async Task what_is_under_way_is_not_sent_twice()
    {
        using var world = new SendingWorld();
        var id = await world.SubmitAsync();
        Assert.That(async () => await world.Operations.ResubmitAsync(id, default), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-SEND-004"));
        Assert.That(async () => await world.Operations.ResubmitAsync("nobody", default), Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-SEND-003"));
    }

    [Test]
    public async Task a_withdrawn_message_is_not_sent_any_more()
    {
        using var world = new SendingWorld { Answer = null };
        var id = await world.SubmitAsync();
        await world.WorkAsync();
        Assert.That(await world.Operations.CancelAsync(id, default));
        Assert.That(await world.Operations.CancelAsync(id, default), Is.False);
        world.Time.Advance(TimeSpan.FromHours(2));
        Assert.That(await world.WorkAsync(), Is.Empty);
        Assert.That((await world.Store.GetAsync(id, default))!.State, Is.EqualTo(MessageState.Cancelled));
    }

    [Test]
    public async Task what_waits_for_a_person_goes_at_once_when_told()
    {
        using var world = new SendingWorld { Answer = HttpStatusCode.Unauthorized };
        await world.SubmitAsync();
        Assert.That((await world.WorkAsync()).Single().State, Is.EqualTo(MessageState.Suspended));
        world.Answer = HttpStatusCode.OK;
        Assert.That(await world.WorkAsync(), Is.Empty);
        Assert.That(await world.Sender.ResumeAsync(world.Agreement.Local, world.Agreement.Partner, default), Is.EqualTo(1));
        Assert.That((await world.WorkAsync()).Single().State, Is.EqualTo(MessageState.Acknowledged));
    }

    [Test]
    public async Task a_message_without_a_certificate_to_encrypt_to_is_suspended_and_goes_when_there_is_one()
    {
        using var world = new SendingWorld();
        var (alice, bob) = (TestKeys.Rsa("Alice"), TestKeys.Rsa("Bob"));
        world.Give(PartnershipCertificates.Of(alice, bob) with { Encrypt = [] });
        var id = await world.SubmitAsync();
        Assert.That(world.WorkAsync, Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-CERT-012"));
        Assert.That((await world.Store.GetAsync(id, default))!.State, Is.EqualTo(MessageState.Suspended));
        Assert.That(await world.AlertsAsync(), Has.One.StartsWith(Alert.Suspended));

        world.Give(PartnershipCertificates.Of(alice, bob));
        Assert.That(await world.Sender.ResumeAsync(world.Agreement.Local, world.Agreement.Partner, default), Is.EqualTo(1));
        Assert.That((await world.WorkAsync()).Single().State, Is.EqualTo(MessageState.Acknowledged));
    }

    [Test]
    public async Task a_message_whose_content_is_lost_is_suspended_and_expires_like_any_other([Values] bool isPacked)
    {
        using var world = new SendingWorld { Answer = isPacked ? null : HttpStatusCode.OK };
        var id = await world.SubmitAsync(new byte[StoredContent.MaxInlineBytes + 1]);
        if (isPacked)
            await world.WorkAsync();
        var message = (await world.Store.GetAsync(id, default))!;
        await world.Store.DeleteAsync((isPacked ? message.Wire!.Body : message.Payloads[0].Content).BlobName!, default);
        world.Time.Advance(TimeSpan.FromMinutes(5));
        Assert.That(world.WorkAsync, Throws.TypeOf<As2Exception>().With.Property("Id").EqualTo("AS2-STORE-008"));
        Assert.That((await world.Store.GetAsync(id, default))!.State, Is.EqualTo(MessageState.Suspended));
        Assert.That(await world.AlertsAsync(), Has.One.StartsWith(Alert.Suspended));

        world.Time.Advance(TimeSpan.FromHours(73));
        Assert.That(world.WorkAsync, Throws.TypeOf<As2Exception>());
        Assert.That((await world.Store.GetAsync(id, default))!.State, Is.EqualTo(MessageState.Expired));
        Assert.That(await world.AlertsAsync(), Has.One.StartsWith(Alert.Expired));
    }

    [Test]
    public async Task what_was_suspended_before_it_was_packed_is_packed_later()
    {
        using var world = new SendingWorld();
        var id = await world.SubmitAsync();
        await world.Store.ReconcileAsync(id, new Transition { From = [MessageState.Submitted], To = MessageState.Suspended, Job = JobOutcome.Retry }, default);
        Assert.That((await world.WorkAsync()).Single().State, Is.EqualTo(MessageState.Acknowledged));
    }
}
