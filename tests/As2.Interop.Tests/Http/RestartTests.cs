using System.Globalization;
using System.Text;
using As2.Agreements;
using As2.Restart;
using As2.Testing;

namespace As2.Interop.Tests.Http;

/// <summary>Transfers that are cut and resumed, seen from a bare socket (draft-harding-as2-restart-07).</summary>
public sealed class RestartTests
{
    private const int Whole = -1;
    private static readonly byte[] s_payload = [.. Enumerable.Range(0, 5000).Select(i => (byte)(i * 7))];

    private Endpoint _endpoint = null!;

    [SetUp]
    public async Task Start() => _endpoint = await Endpoint.StartAsync(
        Sealed.AtBob(), Sealed.CertificatesOfBob, options =>
        {
            options.FailureGrid = TimeSpan.Zero;
            options.Restart = new RestartLimits { MaxTransfers = 2, MaxBytes = 1 << 20 };
        });

    [TearDown]
    public async Task Stop() => await _endpoint.DisposeAsync();

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(2000)]
    [TestCase(-1)]
    [Rfc("draft-harding-as2-restart-07", "resumption")]
    public async Task a_transfer_that_was_cut_is_resumed_where_it_was_cut(int cut)
    {
        var (message, tag) = New();
        var held = cut < 0 ? message.Body.Length + cut : cut;
        await CutAsync(message, tag, held);
        var answer = held == 0 ? await SendAsync(message, tag) : await ResumeAsync(message, tag, held);
        Assert.Multiple(() =>
        {
            Assert.That(answer.Status, Is.EqualTo(200));
            Assert.That(answer.Text, Does.Contain("; processed\r\n"));
        });
        Assert.That((await _endpoint.ReceivedAsync()).Content, Is.EqualTo(s_payload));
        Assert.That(await HeldAsync(tag), Is.Zero, "nothing is left after the delivery");
    }

    [Test]
    public async Task a_transfer_that_was_cut_after_its_last_octet_is_done_and_its_whole_repetition_is_a_duplicate()
    {
        var (message, tag) = New();
        await using (var connection = await RawHttp.ConnectAsync(_endpoint.Port))
        {
            await connection.WriteAsync(Request(message, tag));
            await _endpoint.ReceivedAsync();
            connection.Reset();
        }
        await UntilAsync(async () => await HeldAsync(tag) == 0);
        var again = await SendAsync(message, tag);
        Assert.That(again.Text, Does.Contain("; processed\r\n"));
        Assert.That(_endpoint.IsIdle, "a duplicate is not delivered again");
    }

    [Test]
    public async Task octets_that_are_held_may_come_again_when_they_are_the_same()
    {
        var (message, tag) = New();
        await CutAsync(message, tag, 2000);
        Assert.That((await ResumeAsync(message, tag, 1500)).Text, Does.Contain("; processed\r\n"));
        Assert.That((await _endpoint.ReceivedAsync()).Content, Is.EqualTo(s_payload));
    }

    [Test]
    [Rfc("draft-harding-as2-restart-07", "bad range")]
    public async Task other_octets_in_the_place_of_held_ones_are_refused_and_the_held_ones_stay()
    {
        var (message, tag) = New();
        await CutAsync(message, tag, 2000);
        await RefusedAsync(await ResumeAsync(message.Damaged(1700), tag, 1500), tag, 2000);
        Assert.That((await ResumeAsync(message, tag, 2000)).Text, Does.Contain("; processed\r\n"));
    }

    [TestCase(2001, Whole, "a gap")]
    [TestCase(2000, 1, "a wrong total")]
    [Rfc("draft-harding-as2-restart-07", "bad range")]
    public async Task a_range_that_does_not_continue_is_answered_with_what_is_held(int first, int more, string why)
    {
        var (message, tag) = New();
        await CutAsync(message, tag, 2000);
        var total = message.Body.Length + (more == Whole ? 0 : more);
        var body = message.Body.Concat(new byte[total - message.Body.Length]).Skip(first).ToArray();
        await RefusedAsync(await SendAsync(message with { Body = body }, tag, $"bytes {first}-{total - 1}/{total}"), tag, 2000, why);
    }

    [TestCase("bytes 2000-2100/9999")]
    [TestCase("bytes 2000-9999/*")]
    [TestCase("bytes -5/10")]
    [TestCase("bytes 18446744073709551615-18446744073709551616/18446744073709551617")]
    [TestCase("octets 2000-2001/2002")]
    public async Task a_range_that_is_none_is_refused(string range)
    {
        var (message, tag) = New();
        await CutAsync(message, tag, 2000);
        await RefusedAsync(await SendAsync(message, tag, range), tag, 2000);
    }

    [Test]
    public async Task a_tail_without_a_transfer_is_never_a_message()
    {
        var (message, _) = New();
        var range = $"bytes 10-{message.Body.Length - 1}/{message.Body.Length}";
        var answer = await SendAsync(message with { Body = message.Body[10..] }, null, range);
        Assert.That((answer.Status, answer.Headers["Content-Range"]), Is.EqualTo((416, "bytes */0")));
        answer = await SendAsync(message with { Body = message.Body[10..] }, "\"never\"", range);
        Assert.That((answer.Status, answer.Headers["Content-Range"]), Is.EqualTo((416, "bytes */0")));
    }

    [Test]
    [Rfc("draft-harding-as2-restart-07", "lock")]
    public async Task while_one_request_of_a_transfer_is_read_another_waits()
    {
        var (message, tag) = New();
        await CutAsync(message, tag, 2000);
        var resume = Request(message with { Body = message.Body[2000..] }, tag, Range(message, 2000));
        await using var first = await RawHttp.ConnectAsync(_endpoint.Port);
        await first.WriteAsync(resume.AsMemory(0, resume.Length - 10));
        await UntilAsync(async () => (await HeadAsync(tag)).Status == 503);

        var second = await ResumeAsync(message, tag, 2000);
        Assert.That((second.Status, second.Headers["Retry-After"]), Is.EqualTo((503, "5")));
        await first.WriteAsync(resume.AsMemory(resume.Length - 10));
        Assert.That((await first.ReadAsync()).Text, Does.Contain("; processed\r\n"));
        await _endpoint.ReceivedAsync();
        Assert.That(_endpoint.IsIdle);
    }

    [Test]
    public async Task two_resumes_at_once_make_one_message()
    {
        var (message, tag) = New();
        await CutAsync(message, tag, 2000);
        var answers = await Task.WhenAll(ResumeAsync(message, tag, 2000), ResumeAsync(message, tag, 2000));
        Assert.That(answers.Count(a => a.Status == 200), Is.EqualTo(1));
        Assert.That(answers.Single(a => a.Status != 200).Status, Is.AnyOf(503, 416));
        await _endpoint.ReceivedAsync();
        Assert.That(_endpoint.IsIdle);
    }

    [TestCase("Mallory", "Bob")]
    [TestCase("Alice", "Mallory")]
    [TestCase(null, "Bob")]
    [TestCase("Alice\"", "Bob")]
    [Rfc("draft-harding-as2-restart-07", "query")]
    [Rfc("draft-harding-as2-restart-07", "transfer identifier")]
    public async Task of_a_transfer_nobody_else_hears(string? from, string to)
    {
        var (message, tag) = New();
        await CutAsync(message, tag, 2000);
        var head = await HeadAsync(tag, from, to);
        Assert.That((head.Status, head.Headers["Content-Length"]), Is.EqualTo((200, "0")));
        Assert.That((await HeadAsync("\"another\"")).Headers["Content-Length"], Is.EqualTo("0"));
        Assert.That((await HeadAsync(tag, "Bob", "Alice")).Headers["Content-Length"], Is.EqualTo("2000"), "the draft's own samples swap the names");
    }

    [Test]
    public async Task of_strangers_nothing_is_kept()
    {
        var (message, tag) = New();
        var stranger = message.With("AS2-From", "Mallory");
        Assert.That((await SendAsync(stranger, tag)).Text, Does.Contain("unknown-trading-partner"));
        Assert.That(_endpoint.Partials, Is.Empty);
    }

    [Test]
    public async Task a_transfer_without_a_range_begins_anew()
    {
        var (message, tag) = New();
        await CutAsync(message, tag, 2000);
        Assert.That((await SendAsync(message, tag)).Text, Does.Contain("; processed\r\n"));
        Assert.That(await HeldAsync(tag), Is.Zero);
    }

    [Test]
    [Rfc("draft-harding-as2-restart-07", "keeping")]
    public async Task the_oldest_transfer_makes_room()
    {
        var transfers = Enumerable.Range(0, 3).Select(_ => New()).ToList();
        foreach (var (message, tag) in transfers)
            await CutAsync(message, tag, 2000);
        Assert.That(await HeldAsync(transfers[0].Tag), Is.Zero);
        Assert.That(await HeldAsync(transfers[2].Tag), Is.EqualTo(2000));
        Assert.That(_endpoint.Partials, Has.Length.EqualTo(2));
    }

    [Test]
    public async Task what_is_larger_than_may_be_kept_is_taken_whole_and_not_kept()
    {
        var payload = new byte[3 << 20];
        Random.Shared.NextBytes(payload);
        var (message, tag) = (Sealed.Of(new(), payload: payload), NewTag());
        await using (var connection = await RawHttp.ConnectAsync(_endpoint.Port))
        {
            await connection.WriteAsync(Request(message, tag).AsMemory(0, 2 << 20));
            await UntilAsync(async () => await HeldAsync(tag) is null);
            Assert.That(_endpoint.Partials, Is.Empty);
        }
        await UntilAsync(async () => await HeldAsync(tag) == 0);
        Assert.That((await SendAsync(message, tag)).Text, Does.Contain("; processed\r\n"));
    }

    [Test]
    public async Task a_chunked_transfer_of_unknown_length_is_kept_too()
    {
        var (message, tag) = New();
        var head = Encoding.Latin1.GetString(Request(message with { Body = [] }, tag)).Replace("Content-Length: 0", "Transfer-Encoding: chunked", StringComparison.Ordinal);
        await using (var connection = await RawHttp.ConnectAsync(_endpoint.Port))
        {
            await connection.WriteAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. "7d0\r\n"u8, .. message.Body.AsSpan(0, 2000), .. "\r\n400\r\n"u8]);
            await UntilAsync(() => Task.FromResult(_endpoint.Partials.Any(f => new FileInfo(f).Length == PartialBody.HeaderBytes + 2000)));
            connection.HalfClose();
            await UntilAsync(async () => await HeldAsync(tag) == 2000);
        }
        Assert.That((await ResumeAsync(message, tag, 2000)).Text, Does.Contain("; processed\r\n"));
    }

    [TestCase("W/\"weak\"")]
    [TestCase("bare")]
    [TestCase("\"\"")]
    [Rfc("draft-harding-as2-restart-07", "transfer identifier")]
    public async Task a_tag_that_names_no_octets_is_passed_over(string tag)
    {
        var (message, _) = New();
        Assert.That((await SendAsync(message, tag)).Text, Does.Contain("; processed\r\n"));
        Assert.That(_endpoint.Partials, Is.Empty);
    }

    [Test]
    public async Task a_message_that_is_refused_leaves_nothing_to_resume()
    {
        var (message, tag) = New();
        var damaged = message.Damaged(message.Body.Length / 2);
        await CutAsync(damaged, tag, 2000);
        Assert.That((await ResumeAsync(damaged, tag, 2000)).Text, Does.Contain("decryption-failed"));
        Assert.That(_endpoint.Partials, Is.Empty);
    }

    private static (Sealed Message, string Tag) New() => (Sealed.Of(new(), payload: s_payload), NewTag());

    private static string NewTag() => $"\"ci-{Guid.NewGuid():N}@alice\"";

    private static string Range(Sealed message, int first) => string.Create(CultureInfo.InvariantCulture, $"bytes {first}-{message.Body.Length - 1}/{message.Body.Length}");

    private static byte[] Request(Sealed message, string? tag, string? range = null)
    {
        var named = tag is null ? message : message.With("ETag", tag);
        return RawHttp.Request("/as2", (range is null ? named : named.With("Content-Range", range)).Headers, message.Body);
    }

    private Task<RawHttpMessage> SendAsync(Sealed message, string? tag, string? range = null) => RawHttp.SendAsync(_endpoint.Port, Request(message, tag, range));

    private Task<RawHttpMessage> ResumeAsync(Sealed message, string tag, int first)
        => SendAsync(message with { Body = message.Body[first..] }, tag, Range(message, first));

    /// <summary>Sends so many octets of the body, and ends the connection.</summary>
    private async Task CutAsync(Sealed message, string tag, int octets)
    {
        var (request, before) = (Request(message, tag), _endpoint.Partials);
        await using var connection = await RawHttp.ConnectAsync(_endpoint.Port);
        await connection.WriteAsync(request.AsMemory(0, request.Length - message.Body.Length + octets));
        // Kestrel throws away what comes together with the end of a connection.
        await UntilAsync(() => Task.FromResult(octets == 0 || _endpoint.Partials.Except(before).Any(f => new FileInfo(f).Length == PartialBody.HeaderBytes + octets)));
        connection.HalfClose();
        await UntilAsync(async () => await HeldAsync(tag) == octets);
    }

    private async Task RefusedAsync(RawHttpMessage answer, string tag, int held, string why = "")
    {
        Assert.That((answer.Status, answer.Headers["Content-Range"]), Is.EqualTo((416, $"bytes */{held}")), why);
        Assert.That(await HeldAsync(tag), Is.EqualTo(held));
        Assert.That(_endpoint.IsIdle);
    }

    /// <summary>How much is held; null while it is locked.</summary>
    private async Task<int?> HeldAsync(string tag)
    {
        var answer = await HeadAsync(tag);
        return answer.Status == 200 ? int.Parse(answer.Headers["Content-Length"]!, CultureInfo.InvariantCulture) : null;
    }

    private async Task<RawHttpMessage> HeadAsync(string tag, string? from = "Alice", string to = "Bob")
    {
        var request = $"HEAD /as2 HTTP/1.1\r\nHost: localhost\r\nETag: {tag}\r\n{(from is null ? "" : $"AS2-From: {from}\r\n")}AS2-To: {to}\r\nAS2-Version: 1.2\r\nConnection: close\r\n\r\n";
        return await RawHttp.HeadAsync(_endpoint.Port, Encoding.ASCII.GetBytes(request));
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await condition())
            await Task.Delay(20, limit.Token);
    }
}
