using As2.Agreements;
using As2.Storage;

namespace As2.Testing.Storage;

/// <summary>What every <see cref="IMessageJournal"/> lists.</summary>
public abstract class JournalContract : StoreContract
{
    private static readonly CancellationToken s_none = CancellationToken.None;

    [Test]
    public async Task messages_are_listed_newest_first_page_by_page()
    {
        var ids = new List<string>();
        for (var i = 0; i < 7; i++)
            ids.Add(await AddAsync(Sample.Inbound()));
        var expected = ids.OrderDescending(StringComparer.Ordinal).ToList();

        var found = new List<string>();
        string? before = null;
        while (await Store.Journal.ListAsync(new MessageQuery { Before = before, Max = 3 }, s_none) is { Count: > 0 } page)
        {
            Assert.That(page, Has.Count.LessThanOrEqualTo(3));
            found.AddRange(page.Select(m => m.Id));
            before = found[^1];
        }
        Assert.That(found, Is.EqualTo(expected));
    }

    [Test]
    public async Task a_list_tells_of_a_message_what_an_operator_needs()
    {
        var submission = Sample.Outbound(payload: "twelve bytes");
        await Store.Messages.SubmitAsync(submission, s_none);
        var line = (await Store.Journal.ListAsync(new MessageQuery(), s_none)).Single();
        Assert.That(line, Is.EqualTo(new MessageSummary
        {
            Id = submission.Message.Id, Key = submission.Message.Key, State = MessageState.Submitted, Created = Time.GetUtcNow(), Changed = Time.GetUtcNow(),
            FileName = "order.edi", Length = 12, Disposition = "processed", Security = "signed sha-256", Account = "acme",
        }));
    }

    [Test]
    public async Task every_filter_lets_only_its_own_pass()
    {
        var other = new As2Identifier("OTHER");
        var mine = Sample.Inbound("percent%sign_1@x");
        await AddAsync(mine);
        var refused = await AddAsync(Sample.Inbound("r@x", state: MessageState.Refused));
        var theirs = Sample.Inbound("t@x");
        await AddAsync(theirs with { Message = theirs.Message with { Key = theirs.Message.Key with { Partner = other } } });
        var ours = Sample.Inbound("o@x");
        await AddAsync(ours with { Message = ours.Message with { Key = ours.Message.Key with { Local = other } } });
        var named = Sample.Outbound("n@x");
        await Store.Messages.SubmitAsync(named with { Message = named.Message with { Payloads = [named.Message.Payloads[0] with { FileName = "Invoice 7.EDI" }] } }, s_none);

        Assert.That(await IdsAsync(new() { State = MessageState.Refused }), Is.EqualTo([refused]));
        Assert.That(await IdsAsync(new() { State = MessageState.Refused, Partner = other }), Is.Empty);
        Assert.That(await IdsAsync(new() { Partner = other }), Is.EqualTo([theirs.Message.Id]));
        Assert.That(await IdsAsync(new() { Local = other }), Is.EqualTo([ours.Message.Id]));
        Assert.That(await IdsAsync(new() { Direction = MessageDirection.Outbound }), Is.EqualTo([named.Message.Id]));
        Assert.That(await IdsAsync(new() { Text = "invoice 7" }), Is.EqualTo([named.Message.Id]));
        Assert.That(await IdsAsync(new() { Text = "T%SIGN_1" }), Is.EqualTo([mine.Message.Id]), "no character of the text is a wildcard");
        Assert.That(await IdsAsync(new() { Text = "t_sign" }), Is.Empty);
        Assert.That(await IdsAsync(new() { Text = "'; DROP TABLE message; --" }), Is.Empty);
        Assert.That(await IdsAsync(new()), Has.Count.EqualTo(5));
    }

    [Test]
    public async Task a_span_of_time_lets_only_its_own_pass()
    {
        var noon = new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
        var ids = new List<string>();
        foreach (var hour in (int[])[0, 1, 2])
        {
            var message = Sample.Inbound();
            ids.Add(await AddAsync(message with { Message = message.Message with { Id = Guid.CreateVersion7(noon.AddHours(hour)).ToString("N") } }));
        }
        Assert.That(await IdsAsync(new() { From = noon.AddHours(1) }), Is.EqualTo([ids[2], ids[1]]));
        Assert.That(await IdsAsync(new() { Until = noon.AddHours(1) }), Is.EqualTo([ids[0]]));
        Assert.That(await IdsAsync(new() { From = noon.AddHours(1), Until = noon.AddHours(2), Text = "EXAMPLE" }), Is.EqualTo([ids[1]]));
    }

    [Test]
    public async Task a_text_is_found_among_many_messages_newest_first_page_by_page()
    {
        const int Count = 600;
        var expected = new List<string>();
        for (var i = 0; i < Count; i++)
        {
            var id = await AddAsync(Sample.Inbound($"{i:d4}-{(i % 3 == 0 ? "fizz" : "none")}@\"x\""));
            if (i % 3 == 0)
                expected.Insert(0, id);
        }
        var found = new List<string>();
        while (await IdsAsync(new() { Text = "FIZZ@\"", Before = found.LastOrDefault(), Max = 70 }) is { Count: > 0 } page)
            found.AddRange(page);
        Assert.That(found, Is.EquivalentTo(expected));
        Assert.That(found, Is.Ordered.Descending.Using((IComparer<string>)StringComparer.Ordinal));
        Assert.That(await IdsAsync(new() { Text = "0003-fizz", Partner = Sample.Partner, Local = Sample.Us, State = MessageState.Accepted }), Has.Count.EqualTo(1));
        Assert.That(await IdsAsync(new() { Text = "fizz", Local = new As2Identifier("NOBODY") }), Is.Empty);
        Assert.That(await IdsAsync(new() { Text = "3-" , Max = 1000 }), Has.Count.EqualTo(60), "two characters are found too");
    }

    [Test]
    public async Task events_follow_their_sequence()
    {
        var first = await AddAsync(Sample.Inbound());
        var second = await AddAsync(Sample.Inbound());
        var all = await Store.Journal.ListEventsAsync(0, 10, s_none);
        Assert.That(all.Select(e => e.MessageId), Is.EqualTo([first, second]));
        Assert.That(all.Select(e => (e.Kind, e.Text, e.At)), Is.All.EqualTo(("received", "9 bytes", Time.GetUtcNow())));
        Assert.That(await Store.Journal.ListEventsAsync(all[0].Sequence, 10, s_none), Is.EqualTo([all[1]]));
        Assert.That(await Store.Journal.ListEventsAsync(0, 1, s_none), Is.EqualTo([all[0]]));
        Assert.That(await Store.Journal.GetHistoryAsync(second, s_none), Is.EqualTo([all[1]]));
    }

    [Test]
    public async Task alerts_are_listed_by_themselves()
    {
        await AddAsync(Sample.Inbound());
        var alarming = await AddAsync(Sample.Inbound() with { Events = [("received", "9 bytes"), (Alert.Kind, "expired: no receipt")] });
        var alert = (await Store.Journal.ListAlertsAsync(0, 10, s_none)).Single();
        Assert.That((alert.MessageId, alert.Kind, alert.Text), Is.EqualTo((alarming, Alert.Kind, "expired: no receipt")));
        Assert.That(await Store.Journal.ListAlertsAsync(alert.Sequence, 10, s_none), Is.Empty);
    }

    [Test]
    public async Task a_resubmission_names_the_former_message_and_a_message_its_trace()
    {
        var anew = Sample.Outbound();
        const string Trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        anew = anew with { Message = anew.Message with { ResubmissionOf = "0123", TraceParent = Trace } };
        await Store.Messages.SubmitAsync(anew, s_none);
        var found = (await Store.Journal.GetAsync(anew.Message.Id, s_none))!;
        Assert.That((found.ResubmissionOf, found.TraceParent), Is.EqualTo(("0123", Trace)));
    }

    private async Task<string> AddAsync(NewMessage message)
    {
        await Store.Messages.AcceptAsync(message, s_none);
        return message.Message.Id;
    }

    private async Task<List<string>> IdsAsync(MessageQuery query) => [.. (await Store.Journal.ListAsync(query, s_none)).Select(m => m.Id)];
}
