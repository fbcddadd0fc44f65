using System.Data.Common;

namespace Orleans.Pipeline.Silo;

/// <summary>
/// Writes a silo's heartbeat to the membership table while the silo joins; Orleans does so only once the silo is active. A joining silo
/// waits for all active members, and checks again for members without a heartbeat when the table shows a new heartbeat. After a crash
/// of the whole cluster no other silo writes one. Without this class the silo would wait for dead members until it gives up.
/// </summary>
internal sealed class JoiningHeartbeat(IMembershipTable members, ILocalSiloDetails silo, SiloSettings settings, TimeProvider timeProvider)
    : ILifecycleParticipant<ISiloLifecycle>
{
    private readonly CancellationTokenSource _joined = new();
    private Task _beating = Task.CompletedTask;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(JoiningHeartbeat), ServiceLifecycleStage.ValidateInitialConnectivity - 1, Begin, _ => EndAsync());
        lifecycle.Subscribe(nameof(JoiningHeartbeat), ServiceLifecycleStage.Active, _ => EndAsync());
    }

    private Task Begin(CancellationToken cancellationToken)
    {
        _beating = BeatAsync();
        return Task.CompletedTask;
    }

    private async Task EndAsync()
    {
        await _joined.CancelAsync();
        await _beating;
    }

    private async Task BeatAsync()
    {
        using var timer = new PeriodicTimer(settings.ProbeTimeout, timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_joined.Token))
            {
                await TryBeatAsync();
            }
        }
        catch (OperationCanceledException) when (_joined.IsCancellationRequested)
        {
        }
    }

    private async Task TryBeatAsync()
    {
        try
        {
            await members.UpdateIAmAliveAsync(
                new MembershipEntry { SiloAddress = silo.SiloAddress, IAmAliveTime = timeProvider.GetUtcNow().UtcDateTime });
        }
        catch (DbException)
        {
            // The database is unreachable; the next heartbeat may reach it.
        }
    }
}
