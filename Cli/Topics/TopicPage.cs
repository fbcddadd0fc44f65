using Orleans.Pipeline.Cli.Output;
using Orleans.Pipeline.Cli.Values;
using Orleans.Pipeline.Client;
using Spectre.Console;

namespace Orleans.Pipeline.Cli.Topics;

/// <summary>Shows one topic.</summary>
internal static class TopicPage
{
    /// <summary>Writes a topic's details for people or as JSON.</summary>
    public static void Write(CommandOutput output, TopicDetails topic)
    {
        if (output.IsJson)
        {
            output.WriteDocument(TopicJson.Of(topic), CliJson.Default.TopicJson);
            return;
        }

        var (name, settings, createdAt) = topic.Description;
        output.Page.Write(TextTables.Pairs()
            .Pair("Topic", name.Value)
            .Pair("Created", NumberText.Time(createdAt))
            .Pair("Partitions", NumberText.Count(settings.Partitions))
            .Pair("Records", $"{NumberText.Count(topic.Records)}, {SizeText.Format(topic.Bytes)}")
            .Pair("Retention", RetentionText.Format(settings.RetentionAge, settings.RetentionBytes)
                + (settings.DiscardUnread ? "; unread records are discarded too" : "; unread records are never removed"))
            .Pair("Lag", $"{NumberText.Count(topic.Lag)} of at most {NumberText.Count(settings.LagLimit)}"));
        output.Page.WriteLine();
        var table = TextTables.Of(">PARTITION", ">START", ">END", ">RECORDS", ">SIZE", ">DISCARDED");
        for (var partition = 0; partition < topic.Partitions.Count; partition++)
        {
            var bounds = topic.Partitions[partition];
            table.AddRow(
                NumberText.Count(partition),
                NumberText.Count(bounds.Start),
                NumberText.Count(bounds.End),
                NumberText.Count(bounds.End - bounds.Start),
                SizeText.Format(bounds.Bytes),
                NumberText.Count(bounds.Discarded));
        }

        output.Page.Write(table);
    }
}
