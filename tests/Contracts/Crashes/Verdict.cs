using Orleans.Pipeline.Client;
using Orleans.Pipeline.Numbers;

namespace Orleans.Pipeline.Contracts;

/// <summary>
/// Judges the log and the effects: each acknowledged number is in the log once, where the acknowledgement said, each uncertain one at
/// most once, and no other; each number in the log has each effect once, or is a dead letter once if it is malformed; and the numbers
/// of a key are in order everywhere.
/// </summary>
public static class Verdict
{
    private const int MostFaultsShown = 20;

    /// <summary>Lists the faults; an empty list if there are none.</summary>
    /// <param name="effects">What there is after everything sent was processed.</param>
    /// <param name="loads">What was sent.</param>
    public static List<string> Faults(Effects effects, params KeyedLoad[] loads)
    {
        var faults = new List<string>();
        CheckLog(effects.Log, loads, faults);
        var numbers = effects.Log.ConvertAll(record => record.Record);
        CheckEffect("dead-letter topic", effects.DeadLetters, numbers.FindAll(IsMalformed), faults);
        numbers.RemoveAll(IsMalformed);
        CheckEffect("table", effects.Rows, numbers, faults);
        CheckEffect("topic", effects.Copies, numbers, faults);
        CheckEffect("second stage's table", effects.CopyRows, numbers, faults);
        CheckCounts(effects.Counts, numbers, faults);
        if (effects.AreLinesAtLeastOnce)
        {
            CheckPresence("files", effects.Lines, numbers, faults);
        }
        else
        {
            CheckEffect("files", effects.Lines, numbers, faults);
        }

        return faults;
    }

    /// <summary>The faults as a failure message.</summary>
    public static string Report(List<string> faults, int seed) =>
        $"Seed {seed}: {faults.Count} faults.\n{string.Join('\n', faults.Take(MostFaultsShown))}";

    private static bool IsMalformed((string Key, int Number) record) => Numbered.IsMalformed(record.Number);

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

    private static void CheckEffect(
        string effect, List<(string Key, int Number)> numbers, List<(string Key, int Number)> log, List<string> faults)
    {
        CheckOrder(effect, numbers, faults);
        CheckPresence(effect, numbers, log, faults);
    }

    private static void CheckPresence(
        string effect, List<(string Key, int Number)> numbers, List<(string Key, int Number)> log, List<string> faults)
    {
        var (present, wanted) = (numbers.ToHashSet(), log.ToHashSet());
        faults.AddRange(wanted.Except(present).Select(lost => $"The {effect} lacks {lost}, which the log has."));
        faults.AddRange(present.Except(wanted).Select(strange => $"The {effect} has {strange}, which it should not."));
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

    private static void CheckCounts(
        Dictionary<string, (long Records, long Total)> counts, List<(string Key, int Number)> numbers, List<string> faults)
    {
        foreach (var key in numbers.GroupBy(record => record.Key))
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
