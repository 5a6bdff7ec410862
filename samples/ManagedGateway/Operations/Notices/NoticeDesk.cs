using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using As2;
using ManagedGateway.Configuration;
using ManagedGateway.Configuration.Changes;
using ManagedGateway.Operations.Access;
using ManagedGateway.Operations.Alerts;
using ManagedGateway.Secrets;

namespace ManagedGateway.Operations.Notices;

/// <summary>A webhook as others see it: its secret is shown once, when it is made.</summary>
internal sealed record WebhookLine(string Name, string Url, WebhookEvents Events, string? Organisation, bool AllowPrivateAddresses, bool IsFixed, long Waiting, string? Failure);

/// <summary>A webhook to be made.</summary>
/// <param name="Name">1 to 64 of a-z, A-Z, 0-9, . _ -</param>
/// <param name="Url">https; http only into private networks.</param>
/// <param name="Events">What it is told of.</param>
/// <param name="Organisation">The only organisation that it is told of; null: as the caller.</param>
/// <param name="AllowPrivateAddresses">It may lead into a private network; only for somebody of the whole gateway.</param>
internal sealed record NewWebhook(string Name, string Url, WebhookEvents Events = WebhookEvents.Messages, string? Organisation = null, bool AllowPrivateAddresses = false);

/// <summary>Who is told of messages and alerts, as one caller may see and change it. Thread-safe.</summary>
internal sealed class NoticeDesk(SettingsChanges changes, LiveSettings live, SecretBox box, Outbox outbox)
{
    private static readonly JsonSerializerOptions s_json = new() { Converters = { new JsonStringEnumConverter() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    /// <summary>The webhooks that the caller sees.</summary>
    public IReadOnlyList<WebhookLine> List(Caller caller)
    {
        var (current, waiting) = (live.Current, outbox.Waiting().ToDictionary(w => w.Channel));
        return
        [
            .. current.Settings.Webhooks.Where(h => Sees(caller, h)).Select(h =>
            {
                var (_, count, failure) = waiting.GetValueOrDefault(Outbox.WebhookChannel + h.Name);
                return new WebhookLine(h.Name, h.Url, h.Events, h.Organisation, h.AllowPrivateAddresses, current.Fixed.Contains(new EntryName(EntryKind.Webhook, h.Name)), count, failure);
            }),
        ];
    }

    /// <summary>Makes one.</summary>
    /// <returns>What became of it, and the secret of its signatures, the only time that anybody sees it.</returns>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003, -005.</exception>
    public (ChangeResult Result, string? Secret) Add(Caller caller, NewWebhook hook)
    {
        if (caller.Organisation is not null && hook.Organisation is not null && hook.Organisation != caller.Organisation)
            throw new As2Exception("GW-CHANGE-003", $"There is no organisation '{hook.Organisation}'.");
        var (secret, name) = (Access.Secret.New(), new EntryName(EntryKind.Webhook, hook.Name));
        var result = changes.Apply(caller, new WantedChange("webhook.add", hook.Name, draft =>
        {
            var body = JsonSerializer.SerializeToNode(hook with { Organisation = hook.Organisation ?? caller.Organisation }, s_json)!.AsObject();
            body["Secret"] = box.Seal(secret, name.ToString(), "Secret");
            draft.Add(name, body);
        })
        {
            AllowsPrivateAddresses = caller.Organisation is null,
        });
        return (result, result.IsDone ? secret : null);
    }

    /// <summary>Removes one; what was still to be told it is thrown away.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003.</exception>
    public ChangeResult Remove(Caller caller, string name)
    {
        if (live.Current.Settings.Webhooks.Find(h => h.Name == name) is not { } hook || !Sees(caller, hook))
            throw new As2Exception("GW-CHANGE-003", $"There is no webhook '{name}'.");
        return changes.Apply(caller, new WantedChange("webhook.remove", name, draft => draft.Remove(new EntryName(EntryKind.Webhook, name))));
    }

    /// <summary>When people are told, and by which mail server; the password is hidden.</summary>
    public (AlertSettings Settings, bool IsFixed) Alerts(Caller caller)
    {
        caller.Require(Role.PartnerAdmin);
        OfAll(caller);
        var copy = JsonSerializer.Deserialize<AlertSettings>(JsonSerializer.SerializeToNode(live.Current.Settings.Alerts, s_json), s_json)!;
        if (copy.Mail?.Password is not null)
            copy.Mail.Password = EntryDifference.Hidden;
        return (copy, live.Current.Fixed.Contains(EntryName.Alerts));
    }

    /// <summary>Sets it; a password that is <see cref="EntryDifference.Hidden"/> stays.</summary>
    /// <exception cref="As2Exception">GW-CHANGE-002, -003.</exception>
    public ChangeResult SetAlerts(Caller caller, AlertSettings settings)
    {
        OfAll(caller);
        return changes.Apply(caller, new WantedChange("alerts.set", "alerts", draft =>
        {
            var body = JsonSerializer.SerializeToNode(settings, s_json)!.AsObject();
            if (body["Mail"] is JsonObject mail && mail["Password"]?.GetValue<string>() is { } password)
                mail["Password"] = password == EntryDifference.Hidden ? draft.Find(EntryName.Alerts)?["Mail"]?["Password"]?.DeepClone() : box.Seal(password, EntryName.Alerts.ToString(), "Password");
            draft.Put(EntryName.Alerts, body);
        })
        {
            AllowsPrivateAddresses = true,
        });
    }

    private static bool Sees(Caller caller, WebhookSettings hook) => caller.Organisation is null || caller.Organisation == hook.Organisation;

    private static void OfAll(Caller caller)
    {
        if (caller.Organisation is not null)
            throw new As2Exception("GW-CHANGE-003", "The mail server is the whole gateway's.");
    }
}
