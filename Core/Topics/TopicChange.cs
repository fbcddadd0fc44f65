namespace Orleans.Pipeline;

/// <summary>
/// Changes to a topic's settings. A setting without a new value keeps its value:
/// <c>new TopicChange { RetentionAge = TimeSpan.FromDays(1), RetentionBytes = null }</c> keeps records for a day, however many bytes
/// they are, and changes no other setting.
/// </summary>
public sealed record TopicChange
{
    /// <summary>How long records are kept; null keeps records of any age. See <see cref="TopicSettings.RetentionAge"/>.</summary>
    public SettingChange<TimeSpan?> RetentionAge { get; init; }

    /// <summary>How many bytes each partition keeps; null keeps any number. See <see cref="TopicSettings.RetentionBytes"/>.</summary>
    public SettingChange<long?> RetentionBytes { get; init; }

    /// <summary>Whether retention may remove records that are not committed yet. See <see cref="TopicSettings.DiscardUnread"/>.</summary>
    public SettingChange<bool> DiscardUnread { get; init; }

    /// <summary>The lag above which appends are pushed back. See <see cref="TopicSettings.LagLimit"/>.</summary>
    public SettingChange<long> LagLimit { get; init; }

    /// <summary>Returns settings with the changes applied.</summary>
    /// <param name="settings">The settings before.</param>
    public TopicSettings Apply(TopicSettings settings) => settings with
    {
        RetentionAge = RetentionAge.Or(settings.RetentionAge),
        RetentionBytes = RetentionBytes.Or(settings.RetentionBytes),
        DiscardUnread = DiscardUnread.Or(settings.DiscardUnread),
        LagLimit = LagLimit.Or(settings.LagLimit),
    };

    /// <summary>Checks every new value.</summary>
    /// <param name="topic">The topic to change, named in the error.</param>
    /// <exception cref="InvalidTopicSettingsException">A value is out of range; the message names it.</exception>
    public void Validate(TopicName topic) => Apply(new TopicSettings()).Validate(topic);
}
