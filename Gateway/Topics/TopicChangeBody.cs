using System.ComponentModel;
using System.Text.Json.Serialization;

namespace Orleans.Pipeline.Gateway.Topics;

/// <summary>What to change of a topic; what is left out, and so never set, stays as it is.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed class TopicChangeBody
{
    private SettingChange<double?> _retentionAgeSeconds;
    private SettingChange<long?> _retentionBytes;
    private SettingChange<bool> _discardUnread;
    private SettingChange<long> _lagLimit;

    [Description("How long to keep records, in seconds; null keeps them whatever their age.")]
    public double? RetentionAgeSeconds
    {
        get => _retentionAgeSeconds.Value;
        set => _retentionAgeSeconds = value;
    }

    [Description("How many bytes each partition keeps; null for any number.")]
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

    [Description("The lag, in records, above which appends are pushed back with status 429.")]
    public long LagLimit
    {
        get => _lagLimit.Value;
        set => _lagLimit = value;
    }

    public TopicChange ToChange(TopicName topic) => new()
    {
        RetentionAge = _retentionAgeSeconds.IsSet ? TopicSettingsBody.AgeOf(topic, _retentionAgeSeconds.Value) : default(SettingChange<TimeSpan?>),
        RetentionBytes = _retentionBytes,
        DiscardUnread = _discardUnread,
        LagLimit = _lagLimit,
    };
}
