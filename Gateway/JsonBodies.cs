using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Orleans.Pipeline.Gateway.Problems;
using Orleans.Pipeline.Wire;

namespace Orleans.Pipeline.Gateway;

internal static class JsonBodies
{
    /// <summary>Reads a request's JSON body; null if it has none.</summary>
    public static async ValueTask<T?> ReadAsync<T>(HttpContext context, JsonTypeInfo<T> type)
        where T : class
    {
        var request = context.Request;
        if (request.ContentLength == 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            return null;
        }

        if (!request.HasJsonContentType())
        {
            throw new UnsupportedContentTypeException(request.ContentType, MediaTypes.Json);
        }

        request.RefusePacked();
        try
        {
            return await JsonSerializer.DeserializeAsync(request.Body, type, context.RequestAborted);
        }
        catch (JsonException unfit)
        {
            throw Refusal(unfit);
        }
    }

    public static T? Read<T>(ReadOnlySpan<byte> body, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(body, type);
        }
        catch (JsonException unfit)
        {
            throw Refusal(unfit);
        }
    }

    /// <summary>Returns whether a body is one JSON value after another, as lines of JSON are.</summary>
    public static bool HasSeveralValues(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { AllowMultipleValues = true, MaxDepth = int.MaxValue });
        try
        {
            return reader.Read() && reader.TrySkip() && reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Returns the fault, without .NET's own path and line number.</summary>
    public static string Fault(JsonException unfit)
    {
        var place = unfit.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        place = place < 0 ? unfit.Message.IndexOf(" LineNumber: ", StringComparison.Ordinal) : place;
        return place < 0 ? unfit.Message : unfit.Message[..place];
    }

    private static InvalidRequestException Refusal(JsonException unfit) => new(
        $"The JSON body is invalid at '{unfit.Path ?? "$"}', line {unfit.LineNumber + 1}, byte {unfit.BytePositionInLine + 1}: "
            + $"{Fault(unfit)}");
}
