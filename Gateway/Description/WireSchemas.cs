using System.ComponentModel;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Orleans.Pipeline.Gateway.Description;

/// <summary>Describes values as the API writes them. The host's JSON settings accept more.</summary>
internal sealed class WireSchemas : IOpenApiSchemaTransformer
{
    private const JsonSchemaType Numeric = JsonSchemaType.Integer | JsonSchemaType.Number;
    private const string TopicNamePattern = "^[a-z0-9][a-z0-9._-]{0,127}$";

    public Task TransformAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        if (context.JsonPropertyInfo is null && type.GetCustomAttribute<DescriptionAttribute>(inherit: false) is { } described)
        {
            schema.Description = described.Description;
        }

        if (context.JsonPropertyInfo?.AttributeProvider is { } property
            && property.IsDefined(typeof(JsonConverterAttribute), inherit: false)
            && (Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset))
        {
            // The framework knows nothing of a property with a converter of its own.
            schema.Type = JsonSchemaType.String | JsonSchemaType.Integer | JsonSchemaType.Null;
            schema.Description = property.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false)
                .Cast<DescriptionAttribute>().SingleOrDefault()?.Description;
        }
        else if (type == typeof(TopicName))
        {
            schema.Type = JsonSchemaType.String;
            schema.Pattern = TopicNamePattern;
        }
        else if (type == typeof(IReadOnlyDictionary<string, string>))
        {
            schema.Type = JsonSchemaType.Object | (schema.Type & JsonSchemaType.Null);
            schema.AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String | JsonSchemaType.Null };
        }
        else if (type.IsEnum)
        {
            schema.Type = JsonSchemaType.String;
        }
        else if (context.JsonTypeInfo.Kind == JsonTypeInfoKind.None && (schema.Type & Numeric) != 0)
        {
            schema.Type &= ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        return Task.CompletedTask;
    }
}
