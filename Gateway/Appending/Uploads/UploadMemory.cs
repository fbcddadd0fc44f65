using Orleans.Pipeline.Gateway.Limits;
using Orleans.Pipeline.Gateway.Problems;

namespace Orleans.Pipeline.Gateway.Appending.Uploads;

/// <summary>The part of an upload of the memory that there is for bodies.</summary>
internal sealed class UploadMemory(BodyBudget budget) : IDisposable
{
    /// <summary>How much it takes at once.</summary>
    private const int Step = 64 << 10;

    /// <summary>What records need in memory, at most: batches double their memory as they grow.</summary>
    private const int Growth = 2;

    private long _taken;

    /// <summary>Takes what so many bytes of records need, if it has not.</summary>
    /// <exception cref="OverloadedException">There is no room for them.</exception>
    public void Cover(long recordBytes)
    {
        while (_taken < recordBytes * Growth)
        {
            budget.Take(Step);
            _taken += Step;
        }
    }

    /// <summary>Gives it all back.</summary>
    public void Dispose() => budget.Release(_taken);
}
