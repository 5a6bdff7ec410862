using As2;
using As2.Agreements;
using As2.Headers;
using As2.Storage;
using ManagedGateway.Stores;

namespace ManagedGateway;

/// <summary>
/// <c>gateway evidence MESSAGE-ID --out FILE.zip</c>: what proves that a message arrived, as one archive that openssl verifies offline.
/// Of a message that we received it is our own receipt. Only reads, so the gateway may be running.
/// </summary>
internal static class EvidenceCommand
{
    /// <summary>Writes the archive.</summary>
    /// <exception cref="As2Exception">GW-EVIDENCE-001 to -003: there is no such message, no receipt of it, or nobody who knows whose signature counts.</exception>
    public static async Task<int> RunAsync(GatewayOptions options, TextWriter output)
    {
        // The settings alone: a whole gateway would hold the folder.
        var services = new ServiceCollection().AddLogging();
        services.AddSettingsOf(options.Data);
        await using var settings = services.BuildServiceProvider();
        var book = settings.GetRequiredService<PartnershipBook>();
        await using var journal = await GatewayJournal.OpenAsync(GatewaySettings.Load(options.Data), options.Data);
        var message = await FindAsync(journal.Messages, book, options.MessageId)
            ?? throw new As2Exception("GW-EVIDENCE-001", $"There is no message '{options.MessageId}'. Give its Message-ID, or our identifier of 32 digits.");
        var evidence = await MessageEvidence.JudgeAsync(message, journal.Messages, settings.GetRequiredService<PartnerServices>(), journal.OpenReadAsync, CancellationToken.None);
        await using (var file = File.Create(options.Out))
            await evidence.ExportAsync(file, journal.OpenReadAsync, CancellationToken.None);
        await output.WriteLineAsync($"{options.Out}: {evidence.Verdict.Outcome}, {evidence.Verdict.Reason}");
        await output.WriteLineAsync("Unpack it and run verify.sh; README.txt says what it holds.");
        return 0;
    }

    /// <summary>By our identifier, or by the Message-ID within the pairs of the settings.</summary>
    private static async Task<StoredMessage?> FindAsync(IMessageJournal journal, PartnershipBook book, string id)
    {
        if (await journal.GetAsync(id, CancellationToken.None) is { } own)
            return own;
        foreach (var partnership in book.Partnerships)
        {
            foreach (var direction in (MessageDirection[])[MessageDirection.Outbound, MessageDirection.Inbound])
            {
                var key = new MessageKey(direction, partnership.Local, partnership.Partner, MessageId.KeyOf(id));
                if (await journal.FindAsync(key, CancellationToken.None) is { } found)
                    return found;
            }
        }
        return null;
    }
}
