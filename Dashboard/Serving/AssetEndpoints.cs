using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;

namespace Orleans.Pipeline.Dashboard.Serving;

/// <summary>Serves the assets under a path with their version, so that browsers keep them until they change.</summary>
internal static class AssetEndpoints
{
    public const string Root = "_dashboard";

    private const string ForGood = "public, max-age=31536000, immutable";

    public static void MapAssets(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapGet($"/{Root}/{{version}}/{{**name}}", Answer).ExcludeFromDescription().AllowAnonymous();

    private static IResult Answer(string version, string name, HttpContext context, EmbeddedAssets assets)
    {
        if (version != assets.Version || assets.Find(name) is not { } asset)
        {
            return TypedResults.NotFound();
        }

        var headers = context.Response.Headers;
        headers.CacheControl = ForGood;
        headers.XContentTypeOptions = "nosniff";
        if (asset.Gzip is not { } compressed)
        {
            return TypedResults.Bytes(asset.Content, asset.ContentType);
        }

        headers.Vary = HeaderNames.AcceptEncoding;
        if (!context.Request.GetTypedHeaders().AcceptEncoding.Any(encoding => encoding.Value == "gzip" && encoding.Quality != 0))
        {
            return TypedResults.Bytes(asset.Content, asset.ContentType);
        }

        headers.ContentEncoding = "gzip";
        return TypedResults.Bytes(compressed, asset.ContentType);
    }
}
