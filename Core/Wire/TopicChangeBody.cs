using System.ComponentModel;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Wire;

[Description("A change of a topic's settings. Settings left out do not change.")]
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class TopicChangeBody
{
    private SettingChange<double?> _retentionAgeSeconds;
    private SettingChange<long?> _retentionBytes;
    private SettingChange<bool> _discardUnread;
    private SettingChange<long> _lagLimit;

    [Description("How long to keep records, in seconds; null keeps records of any age.")]
    public double? RetentionAgeSeconds
    {
        get => _retentionAgeSeconds.Value;
        set => _retentionAgeSeconds = value;
    }

    [Description("How many bytes each partition keeps; null means no limit.")]
    public long? RetentionBytes
    {
        get => _retentionBytes.Value;
        set => _retentionBytes = value;
    }

    [Description("Whether retention may remove records that a pipeline has not processed yet.")]
    public bool DiscardUnread
    {
        get => _discardUnread.Value;
        set => _discardUnread = value;
    }

    [Description("The lag, in records, above which appends are rejected with status 429.")]
    public long LagLimit
    {
        get => _lagLimit.Value;
        set => _lagLimit = value;
    }

    public TopicChange ToChange(TopicName topic) => new()
    {
        RetentionAge = _retentionAgeSeconds.IsSet
            ? TopicSettingsBody.AgeOf(topic, _retentionAgeSeconds.Value)
            : default(SettingChange<TimeSpan?>),
        RetentionBytes = _retentionBytes,
        DiscardUnread = _discardUnread,
        LagLimit = _lagLimit,
    };

    /// <summary>Writes a change as JSON. Settings without a new value are left out, because null is a value.</summary>
    public static byte[] Write(TopicChange change)
    {
        var body = new JsonObject();
        Add(nameof(RetentionAgeSeconds), change.RetentionAge, static age => age?.TotalSeconds);
        Add(nameof(RetentionBytes), change.RetentionBytes, static bytes => bytes);
        Add(nameof(DiscardUnread), change.DiscardUnread, static discard => discard);
        Add(nameof(LagLimit), change.LagLimit, static limit => limit);
        return Encoding.UTF8.GetBytes(body.ToJsonString());

        void Add<T>(string property, SettingChange<T> setting, Func<T, JsonNode?> toJson)
        {
            if (setting.IsSet)
            {
                body[JsonNamingPolicy.CamelCase.ConvertName(property)] = toJson(setting.Value);
            }
        }
    }
}
