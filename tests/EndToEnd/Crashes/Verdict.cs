using Orleans.Pipeline.Client;
using Orleans.Pipeline.CrashHost;

namespace Orleans.Pipeline.EndToEnd.Tests.Crashes;

/// <summary>
/// Judges the log and the effects: each acknowledged number is in the log once, where the acknowledgement said, each uncertain one at
/// most once, and no other; each number in the log has each effect once; and the numbers of a key are in order everywhere.
/// </summary>
internal static class Verdict
{
    private const int MostFaultsShown = 20;

    /// <summary>Tells what is wrong; an empty list if nothing is.</summary>
    /// <param name="host">The host, stopped but for its client.</param>
    /// <param name="log">The records of the topic that the pipeline reads.</param>
    /// <param name="copies">The records of the topic that the pipeline wrote.</param>
    /// <param name="loads">What was sent.</param>
    public static List<string> Faults(
        RestartedHost host,
        List<((string Key, int Number) Record, SendResult Place)> log,
        List<((string Key, int Number) Record, SendResult Place)> copies,
        params KeyedLoad[] loads)
    {
        var faults = new List<string>();
        CheckLog(log, loads, faults);
        var numbers = log.ConvertAll(record => record.Record);
        CheckEffect("table", Effects.Rows(host.Database, NumbersPipeline.RowsTable), numbers, faults);
        CheckEffect("topic", copies.ConvertAll(copy => copy.Record), numbers, faults);
        CheckEffect("files", Effects.Lines(host.Files), numbers, faults);
        CheckEffect("second stage's table", Effects.Rows(host.Database, NumbersPipeline.CopiesTable), numbers, faults);
        CheckCounts(Effects.Counts(host.Database), numbers, faults);
        return faults;
    }

    /// <summary>The faults as a failure message.</summary>
    public static string Report(List<string> faults, int seed) =>
        $"Seed {seed}: {faults.Count} faults.\n{string.Join('\n', faults.Take(MostFaultsShown))}";

    private static void CheckLog(List<((string Key, int Number) Record, SendResult Place)> log, KeyedLoad[] loads, List<string> faults)
    {
        CheckOrder("log", log.ConvertAll(record => record.Record), faults);
        var present = log.ToDictionary(record => record.Place, record => record.Record);
        var acknowledged = loads.SelectMany(load => load.Acknowledged).ToDictionary();
        foreach (var (record, place) in acknowledged)
        {
            if (!present.TryGetValue(place, out var found) || found != record)
            {
                faults.Add($"The log lacks {record}, which was acknowledged as {place}; there is {found}.");
            }
        }

        var known = acknowledged.Keys.Concat(loads.SelectMany(load => load.Uncertain.Keys)).ToHashSet();
        faults.AddRange(log.Where(record => !known.Contains(record.Record)).Select(record => $"The log has {record.Record} at {record.Place}, which was certainly not sent."));
    }

    private static void CheckEffect(string effect, List<(string Key, int Number)> numbers, List<(string Key, int Number)> log, List<string> faults)
    {
        CheckOrder(effect, numbers, faults);
        var (present, wanted) = (numbers.ToHashSet(), log.ToHashSet());
        faults.AddRange(wanted.Except(present).Select(lost => $"The {effect} lacks {lost}, which the log has."));
        faults.AddRange(present.Except(wanted).Select(strange => $"The {effect} has {strange}, which the log lacks."));
    }

    private static void CheckOrder(string effect, List<(string Key, int Number)> numbers, List<string> faults)
    {
        var last = new Dictionary<string, int>();
        foreach (var (key, number) in numbers)
        {
            if (last.TryGetValue(key, out var before) && number <= before)
            {
                faults.Add($"The {effect} has {number} of {key} behind {before}: {(number == before ? "doubled" : "doubled or out of order")}.");
            }

            last[key] = number;
        }
    }

    private static void CheckCounts(Dictionary<string, (long Records, long Total)> counts, List<(string Key, int Number)> log, List<string> faults)
    {
        foreach (var key in log.GroupBy(record => record.Key))
        {
            var wanted = (key.LongCount(), key.Sum(record => (long)record.Number));
            var found = counts.GetValueOrDefault(key.Key);
            if (found != wanted)
            {
                faults.Add($"The counters of {key.Key} are {found}, but should be {wanted}.");
            }
        }
    }
}
