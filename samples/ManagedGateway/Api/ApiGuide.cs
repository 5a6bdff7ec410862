using ManagedGateway.Operations.Access;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace ManagedGateway.Api;

/// <summary>What a request says beside its body.</summary>
internal sealed record ApiParameter(string Name, string Where, bool IsRequired, string Type);

/// <summary>An address of the API as its OpenAPI document has it, with the role that it needs.</summary>
internal sealed record ApiRoute(string Group, string Method, string Path, string Summary, Role Role)
{
    public IReadOnlyList<ApiParameter> Parameters { get; init; } = [];

    /// <summary>The JSON that is sent, its members with their types; null: none.</summary>
    public string? Body { get; init; }

    /// <summary>The statuses of answers with what they carry.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];
}

/// <summary>The OpenAPI document for people.</summary>
internal sealed class ApiGuide([FromKeyedServices("v1")] IOpenApiDocumentProvider document, EndpointDataSource endpoints)
{
    /// <summary>Every address, by group.</summary>
    public async Task<IReadOnlyList<ApiRoute>> ReadAsync(CancellationToken cancellationToken)
    {
        var roles = endpoints.Endpoints.Where(e => e.Metadata.GetMetadata<IEndpointNameMetadata>() is not null)
            .ToDictionary(e => e.Metadata.GetMetadata<IEndpointNameMetadata>()!.EndpointName, e => e.Metadata.OfType<Role>().DefaultIfEmpty().Max(), StringComparer.Ordinal);
        var api = await document.GetOpenApiDocumentAsync(cancellationToken);
        return [.. api.Paths.SelectMany(p => (p.Value.Operations ?? []).Select(o => Of(p.Key, o.Key, o.Value, roles)))
            .OrderBy(r => r.Group, StringComparer.Ordinal).ThenBy(r => r.Path, StringComparer.Ordinal).ThenBy(r => r.Method, StringComparer.Ordinal)];
    }

    private static ApiRoute Of(string path, HttpMethod method, OpenApiOperation operation, Dictionary<string, Role> roles) => new(
        operation.Tags?.FirstOrDefault()?.Name is { } tag && tag != "gateway" ? tag : "You", method.Method, path, operation.Summary ?? "", roles.GetValueOrDefault(operation.OperationId ?? ""))
    {
        Parameters = [.. (operation.Parameters ?? []).Select(p => new ApiParameter(p.Name ?? "", $"{p.In}".ToLowerInvariant(), p.Required, TypeOf(p.Schema)))],
        Body = operation.RequestBody?.Content?.Select(c => c.Key == "application/json" ? Members(c.Value.Schema) : $"a file ({c.Key})").FirstOrDefault(),
        Answers = [.. (operation.Responses ?? []).Select(r => $"{r.Key} {string.Join(", ", (r.Value.Content ?? new Dictionary<string, OpenApiMediaType>()).Select(c => c.Value.Schema is null ? c.Key : TypeOf(c.Value.Schema)).Distinct())}".TrimEnd())],
    };

    private static string Members(IOpenApiSchema? schema) => schema?.Properties is { Count: > 0 } members
        ? $"{{ {string.Join(", ", members.Select(m => $"\"{m.Key}\": {TypeOf(m.Value)}"))} }}"
        : TypeOf(schema);

    private static string TypeOf(IOpenApiSchema? schema) => schema switch
    {
        null => "anything",
        OpenApiSchemaReference { Reference.Id: { } name } => name,
        { Type: { } type } when type.HasFlag(JsonSchemaType.Array) => $"list of {TypeOf(schema.Items)}",
        { OneOf.Count: > 0 } => string.Join(" or ", schema.OneOf.Select(TypeOf)),
        { Format: { } format } => format,
        { Type: { } type } => $"{type & ~JsonSchemaType.Null}".ToLowerInvariant(),
        _ => "anything",
    };
}
