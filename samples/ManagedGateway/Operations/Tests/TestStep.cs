using System.Text.Json.Serialization;

namespace ManagedGateway.Operations.Tests;

/// <summary>How a step of a connection test stands.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepState>))]
public enum StepState
{
    /// <summary>It is under way; another report of it follows.</summary>
    Running,

    /// <summary>It went well.</summary>
    Passed,

    /// <summary>It works, but somebody should look.</summary>
    Doubtful,

    /// <summary>It went wrong; the steps after it are left out.</summary>
    Failed,

    /// <summary>It does not apply.</summary>
    LeftOut,
}

/// <summary>A report of a connection test.</summary>
/// <param name="Name">The step: Address, Name, Connection, Tls, Http, As2.</param>
/// <param name="State">How it stands.</param>
/// <param name="Text">What was seen, and where it went wrong what to do.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record TestStep(string Name, StepState State, string Text, long Milliseconds = 0);
