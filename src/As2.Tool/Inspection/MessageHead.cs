using As2.Agreements;
using As2.Headers;
using As2.Tool.Keys;

namespace As2.Tool.Inspection;

/// <summary>What the header fields of a captured message say.</summary>
internal sealed class MessageHead
{
    private readonly HeaderFields _headers;

    public MessageHead(HeaderFields headers, KeyRing keys)
    {
        _headers = headers;
        From = Choose(As2HeaderNames.As2From, name => !keys.IsStrangeSender(name));
        To = Choose(As2HeaderNames.As2To, name => !keys.IsStrangeRecipient(name));
    }

    /// <summary>AS2-From, decoded, or null.</summary>
    public As2Identifier? From { get; }

    /// <summary>AS2-To, decoded, or null.</summary>
    public As2Identifier? To { get; }

    /// <summary>Fields that a receiver cannot do without.</summary>
    public IEnumerable<string> Missing()
    {
        foreach (var name in (string[])[As2HeaderNames.As2From, As2HeaderNames.As2To])
        {
            if (_headers[name] is not { } value)
                yield return $"There is no {name}: a receiver answers 400.";
            else if (As2Identifier.ReadHeader(value).Count == 0)
                yield return $"{name} is not an AS2 name: '{value}'.";
        }
        if (string.IsNullOrWhiteSpace(_headers[As2HeaderNames.MessageId]))
            yield return "There is no Message-ID: a receiver answers 400.";
    }

    /// <summary>A report with what the head says.</summary>
    public Report ToReport() => new()
    {
        MessageId = _headers[As2HeaderNames.MessageId],
        As2From = From?.Value ?? _headers[As2HeaderNames.As2From],
        As2To = To?.Value ?? _headers[As2HeaderNames.As2To],
        Subject = _headers[As2HeaderNames.Subject],
        ContentType = _headers[As2HeaderNames.ContentType],
    };

    // Products quote names wrongly; a later reading counts where it names somebody whose certificate was given.
    private As2Identifier? Choose(string header, Func<As2Identifier, bool> isKnown)
    {
        var readings = As2Identifier.ReadHeader(_headers[header]);
        return readings.Count == 0 ? null : readings.Where(isKnown).DefaultIfEmpty(readings[0]).First();
    }
}
