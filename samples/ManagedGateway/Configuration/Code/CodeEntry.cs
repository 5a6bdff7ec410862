using System.Text;
using System.Text.Json.Nodes;
using As2;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Configuration.Desks;

namespace ManagedGateway.Configuration.Code;

/// <summary>One entry as code and back: certificates as PEM in their place, secrets and our own keys left out.</summary>
internal static class CodeEntry
{
    /// <summary>The entry as code.</summary>
    public static JsonNode Write(EntryName name, JsonObject body, ManagedState state)
    {
        var code = new JsonObject();
        if (name.Kind is EntryKind.Organisation or EntryKind.Station)
            code["Name"] = name.Key;
        foreach (var (member, value) in body)
        {
            if (member == "Certificates")
                WriteCertificates(code, value as JsonArray ?? [], state);
            else if (Plain(member, value) is { } plain)
                code[member] = plain;
        }
        return code;
    }

    /// <summary>What an entry of code names.</summary>
    /// <exception cref="As2Exception">GW-IMPORT-001: it has no name.</exception>
    public static EntryName NameOf(EntryKind kind, JsonObject code) => kind switch
    {
        EntryKind.Alerts => EntryName.Alerts,
        EntryKind.Addresses => EntryName.Addresses,
        EntryKind.Partnership => EntryName.Of(Text(code, "Local"), Text(code, "Partner")),
        _ => new EntryName(kind, Text(code, "Name")),
    };

    /// <summary>The body that an entry of code means, with the secrets and keys that are there.</summary>
    public static JsonObject Read(Draft draft, EntryName name, JsonObject code)
    {
        var (body, before) = (new JsonObject(), draft.Find(name));
        foreach (var (member, value) in code)
        {
            if (member == "Certificates" || (member == "Name" && name.Kind is EntryKind.Organisation or EntryKind.Station))
                continue;
            body[member] = value?.DeepClone();
        }
        Restore(body, before);
        if (name.Kind == EntryKind.Station)
            body["Certificates"] = before?["Certificates"]?.DeepClone() ?? new JsonArray();
        else if (name.Kind == EntryKind.Partnership)
            body["Certificates"] = ReadCertificates(draft, code["Certificates"] as JsonArray ?? []);
        return body;
    }

    private static void WriteCertificates(JsonObject code, JsonArray blocks, ManagedState state)
    {
        var list = new JsonArray();
        foreach (var block in blocks.OfType<JsonObject>())
        {
            if (!ManagedCertificate.TryIdOf(block["File"]?.ToString() ?? "", out var id) || state.Entries.GetValueOrDefault(new EntryName(EntryKind.Certificate, id)) is not { } held || held["Key"] is not null)
                continue;
            var copy = block.DeepClone().AsObject();
            copy.Remove("File");
            copy["Pem"] = held["Pem"]!.DeepClone();
            list.Add((JsonNode)copy);
        }
        if (list.Count > 0)
            code["Certificates"] = list;
    }

    private static JsonArray ReadCertificates(Draft draft, JsonArray list)
    {
        var blocks = new JsonArray();
        foreach (var item in list.OfType<JsonObject>())
        {
            using var certificate = new CertificateUpload(Encoding.ASCII.GetBytes(Text(item, "Pem"))).Read(needsKey: false);
            var block = item.DeepClone().AsObject();
            block.Remove("Pem");
            var held = draft.Result.Entries.FirstOrDefault(e => e.Key.Kind == EntryKind.Certificate && e.Value["Key"] is null && e.Value["Sha256"]?.ToString() == certificate.Thumbprint).Key;
            if (held.Key is null)
            {
                var made = ManagedCertificate.MakePublic(certificate);
                draft.Put(made.Name, made.Body);
                held = made.Name;
            }
            var named = new JsonObject { ["File"] = ManagedCertificate.FileOf(held.Key) };
            foreach (var (member, value) in block)
                named[member] = value?.DeepClone();
            blocks.Add((JsonNode)named);
        }
        return blocks;
    }

    // Secrets that code leaves out stay as they are, at any depth.
    private static void Restore(JsonObject body, JsonObject? before)
    {
        foreach (var (member, value) in before ?? [])
        {
            if (EntryDifference.IsSecret(member, (value as JsonValue)?.ToString()) && body[member] is null)
                body[member] = value?.DeepClone();
            else if (value is JsonObject inner && body[member] is JsonObject other)
                Restore(other, inner);
        }
    }

    private static JsonNode? Plain(string member, JsonNode? value) => value switch
    {
        JsonObject inner => new JsonObject(inner.Select(m => KeyValuePair.Create(m.Key, Plain(m.Key, m.Value))).Where(m => m.Value is not null)),
        null => null,
        _ => EntryDifference.IsSecret(member, (value as JsonValue)?.ToString()) ? null : value.DeepClone(),
    };

    private static string Text(JsonObject code, string member)
        => code[member] is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0
            ? text
            : throw new As2Exception("GW-IMPORT-001", $"An entry has no {member}: each is named by it.");
}
