using System.Globalization;
using Orleans.Pipeline.Processing.Tests.Tasks;

namespace Orleans.Pipeline.Processing.Tests.Simulation;

/// <summary>What the records of a run should have done, worked out one by one, and compared with what they did.</summary>
internal sealed class SimulationModel(SimulationRun run, SimulatedSource[] sources)
{
    /// <summary>Stands for the timestamp of every dead letter, which depends on when its record was tried last.</summary>
    private const long WhenGivenUp = 0;

    private const string WithoutValue = "The record has no value, and the stage reads String. Say in its definition what it does with such "
        + "records: From<String>(…, missing: MissingValue.Null) or MissingValue.Skip.";

    private readonly List<string> _rows = [];
    private readonly List<string> _checked = [];
    private readonly List<(int OutPartition, StoredRecord Record)> _out = [];
    private readonly List<(int Partition, StoredRecord Record)> _deadLetters = [];
    private readonly SortedDictionary<int, (long Items, long Total)> _sums = [];
    private readonly SortedDictionary<string, string> _latest = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];

    public IReadOnlyList<string> FindFaults()
    {
        foreach (var source in sources)
        {
            var task = new TaskId("simulated", "work", source.Partition.Partition);
            var deadLetters = _deadLetters.Count;
            foreach (var (start, end) in run.Store.PassesOf(task))
            {
                for (var offset = start; offset < end; offset++)
                {
                    if (source.Holds(offset))
                    {
                        Process(task, source, offset);
                    }
                }
            }

            Compare("dead letters counted", [$"{_deadLetters.Count - deadLetters}"], [$"{run.Store.Of(task).DeadLetters}"]);
        }

        CompareStore();
        Compare("deliveries", [], run.Sink.Contradictions);
        return _faults;
    }

    private void Process(TaskId task, SimulatedSource source, long offset)
    {
        var record = source[offset];
        if (FailureOf(record) is { } failure)
        {
            var (type, message, step, attempts) = failure;
            var headers = string.Join("; ", ((string[])
            [
                record.Headers,
                $"{DeadLetterHeaders.ErrorType}={type.FullName}",
                $"{DeadLetterHeaders.ErrorMessage}={message}",
                $"{DeadLetterHeaders.Step}={step}",
                $"{DeadLetterHeaders.Attempts}={attempts}",
                $"{DeadLetterHeaders.Pipeline}=simulated",
                $"{DeadLetterHeaders.Stage}=work",
                $"{DeadLetterHeaders.Topic}=source",
                $"{DeadLetterHeaders.Partition}={task.Partition}",
                $"{DeadLetterHeaders.Offset}={offset}",
                $"{DeadLetterHeaders.Timestamp}={record.Timestamp}",
            ]).Where(header => header.Length > 0));
            _deadLetters.Add((
                task.Partition % SimulatedPipeline.DeadLetterPartitions,
                new StoredRecord(record.Key, record.Value, WhenGivenUp, headers)));
            return;
        }

        var items = Enumerable.Range(0, Item.CopiesOf(record.Number))
            .Select(copy => new Item(task.Partition, offset, record.Fate, record.Number, copy)).ToList();
        foreach (var item in items)
        {
            _rows.Add(item.Text);
            _checked.Add(item.Fate.ToString());
            var (count, total) = _sums.GetValueOrDefault(item.Number % 5);
            _sums[item.Number % 5] = (count + 1, total + item.Number);
            _latest[$"{item.Partition} {item.Number % 7}"] = item.Text;
            var partition = item.OutKey is null
                ? task.Partition
                : KeyPartitioner.PartitionOf(System.Text.Encoding.UTF8.GetBytes(item.OutKey), SimulatedPipeline.OutPartitions);
            _out.Add((partition, new StoredRecord(item.OutKey, item.Text, record.Timestamp, record.Headers)));
        }

        var delivered = items.Count == 0 ? null : string.Join(", ", items.Select(item => item.Text));
        if (run.Sink.ValuesOf(task, offset) != delivered)
        {
            _faults.Add($"delivered of {task} at {offset}: '{run.Sink.ValuesOf(task, offset)}' instead of '{delivered}'");
        }
    }

    private (Type Type, string Message, string Step, int Attempts)? FailureOf(SourceRecord record)
    {
        if (record.Fate is Fate.Missing)
        {
            return (typeof(PermanentException), WithoutValue, "Deserialize", 1);
        }

        if (record.Fate is Fate.Malformed)
        {
            return (typeof(FormatException), "malformed", "parse", 1);
        }

        var step = SimulatedPipeline.FailsLate(record.Number, record.Fate) ? "copy" : "parse";
        if (record.Failures >= run.Pipeline.Attempts)
        {
            var error = SimulatedPipeline.TransientError(run.Pipeline.Attempts);
            return (error.GetType(), error.Message, step, run.Pipeline.Attempts);
        }

        if (record.Fate == Fate.Refused && Item.CopiesOf(record.Number) > 0)
        {
            var refusal = new TableRowException(SimulatedStore.Checked, SimulatedStore.Refusal);
            return (typeof(TableRowException), refusal.Message, $"To({SimulatedStore.Checked})", 1);
        }

        return record.Fate == Fate.FailsLate ? (typeof(PermanentException), "failed late", step, record.Failures + 1) : null;
    }

    private void CompareStore()
    {
        foreach (var source in sources)
        {
            var own = $"{source.Partition.Partition} ";
            Compare(
                $"rows of {source.Partition}",
                _rows.Where(row => row.StartsWith(own, StringComparison.Ordinal)),
                Rows("rows").Where(row => row[0].ToString() + " " == own).Select(row => row[1].AsText));
            for (var partition = 0; partition < SimulatedPipeline.OutPartitions; partition++)
            {
                var expected = _out.Where(record => record.OutPartition == partition).Select(record => record.Record);
                Compare($"out/{partition} of {source.Partition}", Own(expected), Own(Topic("out", partition)));
            }

            IEnumerable<string> Own(IEnumerable<StoredRecord> records) =>
                records.Where(record => record.Value!.StartsWith(own, StringComparison.Ordinal)).Select(record => record.ToString());
        }

        Compare(
            "checked",
            _checked.Order(StringComparer.Ordinal),
            Rows(SimulatedStore.Checked).Select(Joined).Order(StringComparer.Ordinal));
        Compare(
            "sums",
            _sums.Select(sum => $"{sum.Key} {sum.Value.Items} {sum.Value.Total}"),
            Rows("sums").Select(Joined).Order(StringComparer.Ordinal));
        Compare("latest", _latest.Select(row => $"{row.Key} {row.Value}"), Rows("latest").Select(Joined).Order(StringComparer.Ordinal));
        for (var partition = 0; partition < SimulatedPipeline.DeadLetterPartitions; partition++)
        {
            Compare(
                $"dead letters in {partition}",
                _deadLetters.Where(letter => letter.Partition == partition)
                    .Select(letter => letter.Record.ToString())
                    .Order(StringComparer.Ordinal),
                Topic("simulated.dead-letters", partition).Select(letter => (letter.WithoutStack() with { Timestamp = WhenGivenUp }).ToString()).Order(StringComparer.Ordinal));
        }
    }

    private static string Joined(TableValue[] row) => string.Join(' ', row);

    private IEnumerable<TableValue[]> Rows(string table) => run.Store.RowsOf(table);

    private IEnumerable<StoredRecord> Topic(string topic, int partition) =>
        run.Store.RecordsOf(new TopicPartition(topic, partition));

    private void Compare(string what, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var wanted = expected.ToList();
        var got = actual.ToList();
        var same = wanted.Zip(got).TakeWhile(pair => pair.First == pair.Second).Count();
        if (same < wanted.Count || same < got.Count)
        {
            _faults.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{what}: {got.Count} instead of {wanted.Count}; at {same} '{got.ElementAtOrDefault(same)}' instead of '{wanted.ElementAtOrDefault(same)}'"));
        }
    }
}
