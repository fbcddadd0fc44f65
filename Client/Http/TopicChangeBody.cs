using System.Text;
using System.Text.Json.Nodes;

namespace Orleans.Pipeline.Client.Http;

/// <summary>A change of a topic as JSON: what is not set is left out, so that null can stand for none.</summary>
internal static class TopicChangeBody
{
    public static byte[] Write(TopicChange change)
    {
        var body = new JsonObject();
        if (change.RetentionAge.IsSet)
        {
            body["retentionAgeSeconds"] = change.RetentionAge.Value?.TotalSeconds;
        }

        if (change.RetentionBytes.IsSet)
        {
            body["retentionBytes"] = change.RetentionBytes.Value;
        }

        if (change.DiscardUnread.IsSet)
        {
            body["discardUnread"] = change.DiscardUnread.Value;
        }

        if (change.LagLimit.IsSet)
        {
            body["lagLimit"] = change.LagLimit.Value;
        }

        return Encoding.UTF8.GetBytes(body.ToJsonString());
    }
}
