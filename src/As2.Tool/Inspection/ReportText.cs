using System.Globalization;

namespace As2.Tool.Inspection;

/// <summary>A report for people. Control characters of what a partner wrote do not reach the terminal.</summary>
internal sealed class ReportText(TextWriter output)
{
    private const int MaxAlternates = 4;

    /// <summary>Writes it.</summary>
    public void Write(Report report)
    {
        Line(0, $"{report.File}: {report.Kind}{(report.MessageId is null ? "" : $" {report.MessageId}")}");
        if (report.As2From is not null || report.As2To is not null)
            Line(1, $"from {report.As2From ?? "?"} to {report.As2To ?? "?"}{(report.Subject is null ? "" : $", \"{report.Subject}\"")}");
        foreach (var layer in report.Layers)
            WriteLayer(layer);
        if (report.Signer is { } signer)
            WriteSigner(signer);
        foreach (var payload in report.Payloads)
        {
            Line(1, $"payload {payload.FileName ?? "(no name)"}, {payload.ContentType}, {Bytes(payload.Length)}, sha256 {payload.Sha256}");
            if (payload.About is not null)
                Line(2, payload.About);
            if (payload.WrittenTo is not null)
                Line(2, $"written to {payload.WrittenTo}");
        }
        WriteMics(report);
        WriteReceipt(report);
        foreach (var fault in report.Faults)
            Line(1, $"FAULT {fault.Kind}: {fault.Text}");
        if (report is { Kind: "message", Disposition: not null })
            Line(1, $"a receiver answers: {report.Disposition}");
    }

    private void WriteLayer(LayerReport layer)
    {
        Line(1, $"{layer.Kind}: {layer.Algorithm}{(layer.ContentBytes > 0 ? $", {Bytes(layer.ContentBytes)} inside" : "")}");
        foreach (var recipient in layer.Recipients)
            Line(2, $"to {recipient}");
        foreach (var remark in layer.Remarks)
            Line(2, $"note: {remark}");
    }

    private void WriteSigner(SignerReport signer)
    {
        var who = signer.Subject ?? $"serial {signer.Serial ?? "?"} of {signer.Issuer ?? "?"}";
        var state = signer switch
        {
            { SignatureValid: false } => "not verified",
            { IsPartner: false } => "genuine, but not a certificate given with --partner",
            { CertificateValid: false } => "verified, but the certificate was not valid",
            _ => "verified",
        };
        Line(1, $"signed by {who}: {state}");
        if (signer.Sha256 is not null)
            Line(2, $"issuer {signer.Issuer}, serial {signer.Serial}, sha256 {signer.Sha256}, valid {signer.NotBefore} to {signer.NotAfter}");
    }

    private void WriteMics(Report report)
    {
        if (report.Mic is { } mic)
            Line(1, $"MIC {mic.Value}, {mic.Algorithm} ({mic.Reading})");
        foreach (var other in report.MicAlternates.Take(MaxAlternates))
            Line(2, $"or {other.Value}, {other.Algorithm} ({other.Reading})");
        if (report.MicAlternates.Count > MaxAlternates)
            Line(2, $"and {report.MicAlternates.Count - MaxAlternates} more readings: --json");
    }

    private void WriteReceipt(Report report)
    {
        if (report.ReceiptRequest is { } request)
            Line(1, $"receipt asked for: {request.Kind}{(request.AsynchronousUrl is { } url ? $", to be posted to {url}" : "")}");
        if (report.Receipt is not { } receipt)
            return;
        Line(1, $"answers {receipt.OriginalMessageId ?? "(no Original-Message-ID)"}: {receipt.Disposition}");
        if (receipt.Mic is { } mic)
            Line(1, $"MIC {mic.Value}, {mic.Algorithm}");
        Line(1, receipt.Verified ? "signature verified" : receipt.Signed ? "signature NOT verified" : "not signed: anybody can have written it");
        foreach (var remark in receipt.Remarks)
            Line(2, $"note: {remark}");
    }

    private void Line(int depth, string text)
        => output.WriteLine(new string(' ', depth * 2) + string.Concat(text.Select(c => char.IsControl(c) ? '·' : c)));

    private static string Bytes(long count) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} bytes");
}
