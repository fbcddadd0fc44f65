using System.Globalization;
using Orleans.Pipeline.Testing.Calls;

namespace Orleans.Pipeline.Testing.Crashes;

/// <summary>How a run of a test ended: its tables, topics, dead letters and watched values, each as lines of text.</summary>
/// <remarks>
/// A crash may change which of two tasks writes first. So rows, values and records are compared whatever their order, and then the order of
/// the records of each key in a partition.
/// </remarks>
internal sealed class Outcome
{
    private const int MaximumDifferences = 5;

    private readonly SortedDictionary<string, List<string>> _contents = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, List<string>> _orders = new(StringComparer.Ordinal);

    private Outcome()
    {
    }

    /// <summary>Gets the error with which the test ended; null if it passed.</summary>
    public Exception? Error { get; private init; }

    public required IReadOnlyList<TestCall> TestCalls { get; init; }

    public required IReadOnlyList<Call> Calls { get; init; }

    public required IReadOnlyList<SinkDelivery> Deliveries { get; init; }

    /// <summary>Reads how a test ended.</summary>
    public static Outcome Of(PipelineTest test, Exception? error)
    {
        var outcome = new Outcome
        {
            Error = error,
            TestCalls = test.TestCalls,
            Calls = test.Run.Gate.Calls,
            Deliveries = test.Run.Gate.Deliveries,
        };
        foreach (var table in test.Contents.TableNames)
        {
            outcome._contents[$"table '{table}'"] = [.. test.Table(table).Rows.Select(row => row.ToRoundedString())];
        }

        foreach (var pipeline in test.Run.Node.Catalog.Pipelines)
        {
            outcome._contents[$"the dead letters of '{pipeline.Name}'"] = [.. test.DeadLetters(pipeline.Name).Select(TextOf)];
        }

        foreach (var topic in test.Contents.ListTopics().Select(topic => topic.Value))
        {
            if (!topic.EndsWith(DeadLetter.TopicSuffix, StringComparison.Ordinal))
            {
                outcome.Add(topic, test.Topic(topic).Records);
            }
        }

        foreach (var watched in test.WatchedValues)
        {
            outcome._contents[$"'{watched.Name}'"] =
                [.. watched.Values().Select(value => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "null")];
        }

        return outcome;
    }

    /// <summary>Lists how this outcome differs from the undisturbed one, one a sentence; none if it does not.</summary>
    public IReadOnlyList<string> DifferencesFrom(Outcome undisturbed)
    {
        var differences = _contents.SelectMany(
            part => Compare(part.Key, part.Value, undisturbed._contents.GetValueOrDefault(part.Key, [])));
        if (Error is not null)
        {
            differences = differences.Prepend($"the test fails: {Error.Message}");
        }

        var found = differences.Take(MaximumDifferences).ToList();
        return found.Count > 0 ? found :
        [
            .. _orders
                .Where(order => !order.Value.SequenceEqual(undisturbed._orders.GetValueOrDefault(order.Key, [])))
                .Select(order => $"{order.Key} come in another order: {string.Join(" · ", order.Value)}").Take(MaximumDifferences),
        ];
    }

    /// <summary>Lists the values that a sink was given more often than in the undisturbed run, one a sentence.</summary>
    public IReadOnlyList<string> CameAgain(Outcome undisturbed)
    {
        var before = undisturbed.Deliveries.CountBy(TextOf).ToDictionary();
        return
        [
            .. Deliveries.CountBy(TextOf)
                .Where(delivery => delivery.Value > Math.Max(1, before.GetValueOrDefault(delivery.Key)))
                .Select(delivery => $"{delivery.Key}, {delivery.Value} times").Take(MaximumDifferences),
        ];
    }

    private static string TextOf(SinkDelivery delivery) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{delivery.Sink} was given '{delivery.Value}', offset {delivery.Offset} of {delivery.Task}");

    private static string TextOf(DeadLetter letter) =>
        $"offset {letter.SourceOffset} of {letter.Source}, {letter.ErrorType} in step {letter.Step} of stage {letter.Stage} after "
        + $"{letter.Attempts} attempts: {letter.ErrorMessage}";

    private static string TextOf(TestRecord record)
    {
        var headers = string.Concat(record.Headers.Select(header => $" [{header.Name}={header.AsText()}]"));
        return $"{record} at {record.Timestamp:O} in {record.Partition}{headers}";
    }

    private static IEnumerable<string> Compare(string part, List<string> actual, List<string> expected)
    {
        var (present, before) = (actual.CountBy(line => line).ToDictionary(), expected.CountBy(line => line).ToDictionary());
        return present.Keys.Union(before.Keys)
            .Select(line => (Line: line, Is: present.GetValueOrDefault(line), Was: before.GetValueOrDefault(line)))
            .Where(count => count.Is != count.Was)
            .Select(count => count switch
            {
                { Was: 0 } => $"{part} has '{count.Line}', which the undisturbed run has not",
                { Is: 0 } => $"{part} lacks '{count.Line}'",
                _ => $"{part} has '{count.Line}' {count.Is} times instead of {count.Was}",
            });
    }

    private void Add(string topic, IReadOnlyList<TestRecord> records)
    {
        _contents[$"topic '{topic}'"] = [.. records.Select(TextOf)];
        foreach (var key in records.Where(record => record.Key is not null).GroupBy(record => (record.Partition.Partition, record.Key)))
        {
            _orders[$"the records of key '{key.Key.Key}' in topic '{topic}'"] = [.. key.Select(TextOf)];
        }
    }
}
